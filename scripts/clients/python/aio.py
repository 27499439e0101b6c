"""aiokafka behind the small protocol of ../drivers.py."""

import asyncio
import logging
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError

import rows


async def produce(options):
    report = rows.Report(options.get("report"))
    producer = AIOKafkaProducer(
        bootstrap_servers=options["bootstrap"],
        compression_type=None if options["codec"] == "none" else options["codec"],
        acks=options["acks"] if options["acks"] == "all" else int(options["acks"]),
        enable_idempotence=options["acks"] == "all",
        linger_ms=5,
        max_batch_size=262144,
    )
    await producer.start()
    topic = options["topic"]

    def done(index, future):
        if future.exception():
            report.refused(index, future.exception())

    for index, key, value in rows.rows(options["file"]):
        future = await producer.send(topic, value, key)
        future.add_done_callback(lambda future, index=index: done(index, future))
    await producer.flush()
    await producer.stop()
    report.finish()


class CommitBeforeRevoke(ConsumerRebalanceListener):
    def __init__(self, consumer):
        self.consumer = consumer

    async def on_partitions_revoked(self, revoked):
        if revoked:
            await commit(self.consumer)

    async def on_partitions_assigned(self, assigned):
        pass


async def commit(consumer):
    try:
        await consumer.commit()
    except KafkaError as fault:
        print(f"commit: {fault!r}", file=sys.stderr)


async def consume(options):
    consumer = AIOKafkaConsumer(
        bootstrap_servers=options["bootstrap"],
        group_id=options["group"],
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=6000,
        heartbeat_interval_ms=500,
        fetch_max_wait_ms=200,
    )
    stop = rows.Stop()
    consumer.subscribe(options["topics"].split(","), listener=CommitBeforeRevoke(consumer))
    await consumer.start()
    with open(options["out"], "wb") as out:
        while not stop:
            batches = await consumer.getmany(timeout_ms=200, max_records=5000)
            for at, records in batches.items():
                out.writelines(
                    rows.record_line(at.topic, at.partition, r.offset, r.key, r.value)
                    for r in records)
            out.flush()
            if batches:
                await commit(consumer)
    await consumer.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    command, options = rows.arguments()
    asyncio.run({"produce": produce, "consume": consume}[command](options))
