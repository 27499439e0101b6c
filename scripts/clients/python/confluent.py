"""confluent-kafka (librdkafka) behind the small protocol of ../drivers.py."""

import sys

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

import rows


def produce(options):
    report = rows.Report(options.get("report"))
    producer = Producer({
        "bootstrap.servers": options["bootstrap"],
        "compression.type": options["codec"],
        "acks": options["acks"],
        "enable.idempotence": options["acks"] == "all",
        "linger.ms": 5,
        "reconnect.backoff.max.ms": 200,
        "message.timeout.ms": 120000,
    })

    def delivered(index):
        def done(fault, message):
            if fault:
                report.refused(index, fault)
            else:
                report.acknowledged(index, message.partition(), message.offset())
        return done

    topic, wanted = options["topic"], report.out is not None
    for index, key, value in rows.rows(options["file"]):
        # Without a report only failures are looked at: the flush below says what is left.
        callback = delivered(index) if wanted else None
        while True:
            try:
                producer.produce(topic, value, key, on_delivery=callback)
                break
            except BufferError:
                producer.poll(0.05)
        if index % 1000 == 0:
            producer.poll(0)
    left = producer.flush(120)
    if left:
        report.refused(-1, f"{left} rows without an answer")
    report.finish()


def consume(options):
    consumer = Consumer({
        "bootstrap.servers": options["bootstrap"],
        "group.id": options["group"],
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        # A commit takes what is stored when it is carried out: by then the next batch may have
        # been taken, and is not written yet.
        "enable.auto.offset.store": False,
        "session.timeout.ms": 6000,
        "heartbeat.interval.ms": 500,
        "partition.assignment.strategy": "cooperative-sticky",
        "fetch.wait.max.ms": 200,
    })
    stop = rows.Stop()
    consumer.subscribe(options["topics"].split(","))
    with open(options["out"], "wb") as out:
        while not stop:
            batch, last = consumer.consume(5000, timeout=0.2), {}
            for message in batch:
                if message.error():
                    print(message.error(), file=sys.stderr)
                    continue
                last[message.topic(), message.partition()] = message
                out.write(rows.record_line(message.topic(), message.partition(), message.offset(),
                                           message.key(), message.value()))
            out.flush()
            for message in last.values():
                store(consumer, message)
            if batch:
                consumer.commit(asynchronous=True)
    try:
        consumer.commit(asynchronous=False)
    except KafkaException as fault:
        if fault.args[0].code() != KafkaError._NO_OFFSET:
            print(f"commit: {fault}", file=sys.stderr)
    consumer.close()


def store(consumer, message):
    """What is written may be committed, if the partition is still ours."""
    try:
        consumer.store_offsets(message=message)
    except KafkaException as fault:
        if fault.args[0].code() != KafkaError._STATE:
            raise


def dump(options):
    """Beyond the protocol: writes all partitions from beginning to end, in no group, and exits."""
    consumer = Consumer({"bootstrap.servers": options["bootstrap"], "group.id": "dump"})
    topic = consumer.list_topics(options["topic"], timeout=30).topics[options["topic"]]
    places, left = [], {}
    for partition in topic.partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic.topic, partition), 30)
        places.append(TopicPartition(topic.topic, partition, low))
        if high > low:
            left[partition] = high
    consumer.assign(places)
    with open(options["out"], "wb") as out:
        while left:
            for message in consumer.consume(5000, timeout=0.2):
                if message.error():
                    print(message.error(), file=sys.stderr)
                    continue
                out.write(rows.record_line(message.topic(), message.partition(), message.offset(),
                                           message.key(), message.value()))
                if message.offset() + 1 >= left.get(message.partition(), 0):
                    left.pop(message.partition(), None)
    consumer.close()


if __name__ == "__main__":
    command, options = rows.arguments()
    {"produce": produce, "consume": consume, "dump": dump}[command](options)
