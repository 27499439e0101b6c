// kafkajs behind the small protocol of ../drivers.py:
//   node driver.js produce bootstrap= topic= codec= acks= file=
//   node driver.js consume bootstrap= topics= group= out=        (until SIGTERM)
// A value is one line of the file, its key is the line's tenth column.
'use strict';

const fs = require('fs');
const { Kafka, CompressionTypes, CompressionCodecs, Partitioners, logLevel } = require('kafkajs');
const snappy = require('kafkajs-snappy');
const lz4 = require('lz4-napi');
const zstd = require('@bokuweb/zstd-wasm');

const KEY_COLUMN = 9;
const ROWS_PER_SEND = 4000;

CompressionCodecs[CompressionTypes.Snappy] = snappy;
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => lz4.compressFrame(encoder.buffer),
  decompress: async (buffer) => lz4.decompressFrame(buffer),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async (encoder) => Buffer.from(zstd.compress(encoder.buffer, 3)),
  decompress: async (buffer) => Buffer.from(zstd.decompress(buffer, { defaultHeapSize: 8 << 20 })),
});

const CODECS = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

async function produce(kafka, options) {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const rows = fs.readFileSync(options.file, 'utf8').split('\n');
  if (rows[rows.length - 1] === '') rows.pop();
  for (let at = 0; at < rows.length; at += ROWS_PER_SEND) {
    const messages = rows
      .slice(at, at + ROWS_PER_SEND)
      .map((row) => ({ key: row.split(',', KEY_COLUMN + 1)[KEY_COLUMN], value: row }));
    const acks = options.acks === 'all' ? -1 : 1;
    await producer.send({ topic: options.topic, acks, compression: CODECS[options.codec], messages });
  }
  await producer.disconnect();
}

async function consume(kafka, options) {
  const consumer = kafka.consumer({
    groupId: options.group,
    sessionTimeout: 6000,
    rebalanceTimeout: 10000,
    heartbeatInterval: 500,
    maxWaitTimeInMs: 200,
  });
  const out = fs.openSync(options.out, 'w');
  let stopping = false;
  process.on('SIGTERM', async () => {
    if (stopping) return;
    stopping = true;
    await consumer.disconnect();
    fs.closeSync(out);
    process.exit(0);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: options.topics.split(','), fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 200,
    eachBatch: async ({ batch, heartbeat }) => {
      const lines = batch.messages.map(
        (m) => `${batch.topic}\t${batch.partition}\t${m.offset}\t${m.key}\t${m.value}\n`,
      );
      fs.writeSync(out, lines.join(''));
      await heartbeat();
    },
  });
}

async function main() {
  const options = Object.fromEntries(
    process.argv.slice(3).map((a) => [a.slice(0, a.indexOf('=')), a.slice(a.indexOf('=') + 1)]),
  );
  await zstd.init();
  const kafka = new Kafka({
    clientId: 'kafkajs',
    brokers: [options.bootstrap],
    logLevel: logLevel.WARN,
    retry: { retries: 20, initialRetryTime: 50, maxRetryTime: 1000 },
  });
  await { produce, consume }[process.argv[2]](kafka, options);
}

main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
