"""Bad input: written next."""


def run(broker, results):
    results.say("no bad input yet")
