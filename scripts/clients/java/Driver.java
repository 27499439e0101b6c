// The Java client (org.apache.kafka:kafka-clients) behind the small protocol of ../drivers.py:
//   Driver produce bootstrap= topic= codec= acks= file= report=
//   Driver consume bootstrap= topics= group= out=        (until SIGTERM)
// A value is one line of the file, its key is the line's tenth column.

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public final class Driver {
    private static final int KEY_COLUMN = 9;

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < args.length; i++) {
            int at = args[i].indexOf('=');
            options.put(args[i].substring(0, at), args[i].substring(at + 1));
        }
        switch (args[0]) {
            case "produce" -> produce(options);
            case "consume" -> consume(options);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void produce(Map<String, String> options) throws IOException {
        boolean idempotent = options.get("acks").equals("all");
        Properties config = new Properties();
        config.put("bootstrap.servers", options.get("bootstrap"));
        config.put("key.serializer", StringSerializer.class.getName());
        config.put("value.serializer", StringSerializer.class.getName());
        config.put("compression.type", options.get("codec"));
        config.put("acks", options.get("acks"));
        config.put("enable.idempotence", Boolean.toString(idempotent));
        config.put("linger.ms", "5");
        config.put("batch.size", "65536");
        config.put("reconnect.backoff.max.ms", "200");
        config.put("delivery.timeout.ms", "120000");
        AtomicLong failed = new AtomicLong();
        BufferedWriter report = writer(options.get("report"));
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(config);
                BufferedReader rows = Files.newBufferedReader(Path.of(options.get("file")))) {
            long index = 0;
            for (String row; (row = rows.readLine()) != null; index++) {
                long at = index;
                String key = row.split(",", KEY_COLUMN + 2)[KEY_COLUMN];
                producer.send(new ProducerRecord<>(options.get("topic"), key, row), (done, fault) -> {
                    if (fault != null) {
                        if (failed.getAndIncrement() == 0) {
                            System.err.println("row " + at + ": " + fault);
                        }
                    } else if (report != null) {
                        write(report, at + " " + done.partition() + " " + done.offset() + "\n", at % 500 == 0);
                    }
                });
            }
            producer.flush();
        }
        if (report != null) {
            report.close();
        }
        System.err.println("failed rows: " + failed.get());
        System.exit(failed.get() == 0 ? 0 : 3);
    }

    private static BufferedWriter writer(String path) throws IOException {
        return path == null ? null : Files.newBufferedWriter(Path.of(path), StandardCharsets.UTF_8);
    }

    private static void write(BufferedWriter out, String line, boolean flush) {
        try {
            out.write(line);
            if (flush) {
                out.flush();
            }
        } catch (IOException fault) {
            throw new IllegalStateException(fault);
        }
    }

    private static void consume(Map<String, String> options) throws Exception {
        Properties config = new Properties();
        config.put("bootstrap.servers", options.get("bootstrap"));
        config.put("group.id", options.get("group"));
        config.put("group.protocol", "classic");
        config.put("key.deserializer", StringDeserializer.class.getName());
        config.put("value.deserializer", StringDeserializer.class.getName());
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("session.timeout.ms", "6000");
        config.put("heartbeat.interval.ms", "500");
        config.put("max.poll.records", "5000");
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            consumer.wakeup();
            try {
                main.join();
            } catch (InterruptedException interrupted) {
                main.interrupt();
            }
            // SIGTERM was heard and obeyed: not the 143 that a JVM reports of itself.
            Runtime.getRuntime().halt(0);
        }));
        consumer.subscribe(List.of(options.get("topics").split(",")), new CommitBeforeRevoke(consumer));
        try (BufferedWriter out = writer(options.get("out"))) {
            while (true) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<String, String> r : records) {
                    out.write(r.topic() + "\t" + r.partition() + "\t" + r.offset() + "\t" + r.key() + "\t"
                            + r.value() + "\n");
                }
                out.flush();
                if (!records.isEmpty()) {
                    consumer.commitAsync();
                }
            }
        } catch (WakeupException stop) {
            commit(consumer);
        } finally {
            consumer.close();
        }
    }

    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync(Duration.ofSeconds(5));
        } catch (KafkaException fault) {
            System.err.println("commit: " + fault);
        }
    }

    private record CommitBeforeRevoke(KafkaConsumer<String, String> consumer)
            implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit(consumer);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        }
    }
}
