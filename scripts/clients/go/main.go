// franz-go behind the small protocol of ../drivers.py:
//
//	driver produce bootstrap= topic= codec= acks= file= report=
//	driver consume bootstrap= topics= group= out=        (until SIGTERM)
//
// A value is one line of the file, its key is the line's tenth column.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const keyColumn = 9

func main() {
	log.SetFlags(0)
	options := map[string]string{}
	for _, argument := range os.Args[2:] {
		name, value, _ := strings.Cut(argument, "=")
		options[name] = value
	}
	switch os.Args[1] {
	case "produce":
		produce(options)
	case "consume":
		consume(options)
	default:
		log.Fatalf("unknown command %q", os.Args[1])
	}
}

func produce(options map[string]string) {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	settings := []kgo.Opt{
		kgo.SeedBrokers(options["bootstrap"]),
		kgo.DefaultProduceTopic(options["topic"]),
		kgo.ProducerBatchCompression(codecs[options["codec"]]),
		kgo.ProducerLinger(5 * time.Millisecond),
		kgo.RecordDeliveryTimeout(120 * time.Second),
	}
	if options["acks"] == "1" {
		settings = append(settings, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	}
	client, err := kgo.NewClient(settings...)
	check(err)
	file, err := os.Open(options["file"])
	check(err)
	var report *bufio.Writer
	if path := options["report"]; path != "" {
		out, err := os.Create(path)
		check(err)
		report = bufio.NewWriter(out)
	}
	var failed atomic.Int64
	rows := bufio.NewScanner(file)
	for index := 0; rows.Scan(); index++ {
		row := bytes.Clone(rows.Bytes())
		key := bytes.SplitN(row, []byte(","), keyColumn+2)[keyColumn]
		// Promises run one at a time, in the client's own goroutine.
		client.Produce(context.Background(), &kgo.Record{Key: key, Value: row}, func(done *kgo.Record, err error) {
			if err != nil {
				if failed.Add(1) == 1 {
					log.Printf("row %d: %v", index, err)
				}
			} else if report != nil {
				fmt.Fprintf(report, "%d %d %d\n", index, done.Partition, done.Offset)
				if index%500 == 0 {
					check(report.Flush())
				}
			}
		})
	}
	check(rows.Err())
	check(client.Flush(context.Background()))
	client.Close()
	if report != nil {
		check(report.Flush())
	}
	log.Printf("failed rows: %d", failed.Load())
	if failed.Load() > 0 {
		os.Exit(3)
	}
}

func consume(options map[string]string) {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(options["bootstrap"]),
		kgo.ConsumerGroup(options["group"]),
		kgo.ConsumeTopics(strings.Split(options["topics"], ",")...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.SessionTimeout(6*time.Second),
		kgo.HeartbeatInterval(500*time.Millisecond),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
	)
	check(err)
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	file, err := os.Create(options["out"])
	check(err)
	out := bufio.NewWriterSize(file, 1<<16)
	for stop.Err() == nil {
		fetches := client.PollRecords(stop, 20000)
		fetches.EachError(func(topic string, partition int32, err error) {
			if stop.Err() == nil {
				log.Printf("fetch %s-%d: %v", topic, partition, err)
			}
		})
		fetches.EachRecord(func(r *kgo.Record) {
			fmt.Fprintf(out, "%s\t%d\t%d\t%s\t%s\n", r.Topic, r.Partition, r.Offset, r.Key, r.Value)
		})
		check(out.Flush())
		bound, done := context.WithTimeout(context.Background(), 5*time.Second)
		if err := client.CommitUncommittedOffsets(bound); err != nil {
			log.Printf("commit: %v", err)
		}
		done()
		client.AllowRebalance()
	}
	client.CloseAllowingRebalance()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
