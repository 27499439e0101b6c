"""kafka-python behind the small protocol of ../drivers.py."""

import logging
import sys

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

import rows


def produce(options):
    report = rows.Report(options.get("report"))
    producer = KafkaProducer(
        bootstrap_servers=options["bootstrap"],
        compression_type=None if options["codec"] == "none" else options["codec"],
        acks=options["acks"] if options["acks"] == "all" else int(options["acks"]),
        enable_idempotence=options["acks"] == "all",
        linger_ms=20,
        batch_size=262144,
    )
    topic = options["topic"]
    for index, key, value in rows.rows(options["file"]):
        future = producer.send(topic, value, key)
        future.add_errback(lambda fault, index=index: report.refused(index, fault))
    producer.flush(120)
    producer.close()
    report.finish()


def consume(options):
    consumer = KafkaConsumer(
        *options["topics"].split(","),
        bootstrap_servers=options["bootstrap"],
        group_id=options["group"],
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=6000,
        heartbeat_interval_ms=500,
        fetch_max_wait_ms=200,
    )
    stop = rows.Stop()
    with open(options["out"], "wb") as out:
        while not stop:
            batches = consumer.poll(timeout_ms=200, max_records=5000)
            for at, records in batches.items():
                out.writelines(
                    rows.record_line(at.topic, at.partition, r.offset, r.key, r.value)
                    for r in records)
            out.flush()
            if batches:
                consumer.commit_async()
    try:
        consumer.commit()
    except KafkaError as fault:
        print(f"commit: {fault}", file=sys.stderr)
    consumer.close(autocommit=False)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    command, options = rows.arguments()
    {"produce": produce, "consume": consume}[command](options)
