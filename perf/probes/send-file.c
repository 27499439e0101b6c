/*
 * How a file's cached pages get to a socket, and at what cost: figures of ADR 7.
 *
 *   cc -O2 -o target/send-file perf/probes/send-file.c
 *   target/send-file WAY FILE CONGESTION PIECE_KIB ROUNDS FILL
 *   target/send-file stalled FILE
 *
 * WAY: send (from memory), sendfile, sendfile+mincore, splice (through a pipe of 1 MiB), or
 * ring-splice (IORING_OP_SPLICE through the same pipe). The peer discards in the kernel. FILL, how
 * the page cache was filled before: read (1 MiB at a time) or load (2 MiB pages, then the same
 * reads). Prints GB/s and this process's CPU-seconds per GB, kernel workers of its ring included,
 * of filling and of sending. `stalled` counts the threads of this process with 200 ring splices to
 * peers that do not read.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PIPE_BYTES = 1 << 20, LOAD_BYTES = 2 << 20, STALLED = 200 };

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu_s(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

/* A ring, by hand. */
static int ring_fd;
static char *rings;
static struct io_uring_sqe *entries;
static struct io_uring_params params;

static void open_ring(void) {
    ring_fd = syscall(__NR_io_uring_setup, 1024, &params);
    if (ring_fd < 0) die("io_uring_setup");
    size_t sq = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t cq = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    int access = PROT_READ | PROT_WRITE;
    rings = mmap(0, sq > cq ? sq : cq, access, MAP_SHARED, ring_fd, IORING_OFF_SQ_RING);
    entries = mmap(0, params.sq_entries * sizeof *entries, access, MAP_SHARED, ring_fd,
                   IORING_OFF_SQES);
    if (rings == MAP_FAILED || entries == MAP_FAILED) die("mapping the ring");
}

static unsigned *at(unsigned offset) {
    return (unsigned *)(rings + offset);
}

static void submit(struct io_uring_sqe entry) {
    unsigned *tail = at(params.sq_off.tail), i = *tail & *at(params.sq_off.ring_mask);
    at(params.sq_off.array)[i] = i;
    entries[i] = entry;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    if (syscall(__NR_io_uring_enter, ring_fd, 1, 0, 0, 0, 0) < 0) die("io_uring_enter");
}

static int completion(void) {
    unsigned *head = at(params.cq_off.head), *tail = at(params.cq_off.tail);
    while (*head == __atomic_load_n(tail, __ATOMIC_ACQUIRE))
        syscall(__NR_io_uring_enter, ring_fd, 0, 1, IORING_ENTER_GETEVENTS, 0, 0);
    struct io_uring_cqe *all = (void *)(rings + params.cq_off.cqes);
    int result = all[*head & *at(params.cq_off.ring_mask)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    return result;
}

static void ring_splice(int in, uint64_t offset, int out, unsigned len) {
    submit((struct io_uring_sqe){.opcode = IORING_OP_SPLICE, .fd = out, .off = -1,
                                 .splice_fd_in = in, .splice_off_in = offset, .len = len});
}

static void wait_for_room(int socket) {
    submit((struct io_uring_sqe){.opcode = IORING_OP_POLL_ADD, .fd = socket,
                                 .poll32_events = POLLOUT});
    completion();
}

/* Pages of the range that can be read at once, before the first that cannot. */
static size_t resident(char *view, off_t offset, size_t len) {
    static unsigned char states[(PIPE_BYTES >> 12) + 1];
    off_t start = offset & ~4095l;
    size_t whole = offset + len - start, pages = (whole + 4095) / 4096, n = 0;
    if (mincore(view + start, whole, states)) die("mincore");
    while (n < pages && states[n] & 1) n++;
    return n;
}

/* One huge page of the page cache, by one fault in a mapping that wishes for it. */
static void load(int file, off_t offset) {
    char *page = mmap(0, 4096, PROT_READ, MAP_SHARED, file, offset);
    if (page == MAP_FAILED) die("mapping a page");
    if (madvise(page, 4096, MADV_HUGEPAGE) || madvise(page, 4096, MADV_RANDOM)) die("advice");
    if (madvise(page, 4096, MADV_POPULATE_READ)) die("populating");
    munmap(page, 4096);
}

/* The whole file into the page cache and into memory. */
static void fill(int file, off_t size, char *memory, int by_loads) {
    memset(memory, 1, size);
    fdatasync(file);
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    double began = now_s(), cpu = cpu_s();
    for (off_t n = 0; n < size;) {
        if (by_loads && n % LOAD_BYTES == 0) load(file, n);
        ssize_t got = pread(file, memory + n, PIPE_BYTES, n);
        if (got <= 0) die("reading");
        n += got;
    }
    printf("%s %5.2f GB/s %.3f CPU-s/GB; ", by_loads ? "load" : "read",
           size / 1e9 / (now_s() - began), (cpu_s() - cpu) / (size / 1e9));
    fflush(stdout);
}

static int listener(struct sockaddr_in *address) {
    int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t len = sizeof *address;
    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(socket_fd, (void *)address, len) || listen(socket_fd, 512)) die("listening");
    getsockname(socket_fd, (void *)address, &len);
    return socket_fd;
}

static int connected(const struct sockaddr_in *address, int receive_bytes) {
    int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    if (receive_bytes)
        setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    if (connect(socket_fd, (void *)address, sizeof *address)) die("connecting");
    return socket_fd;
}

static int count_threads(void) {
    DIR *dir = opendir("/proc/self/task");
    int n = 0;
    while (readdir(dir)) n++;
    closedir(dir);
    return n - 2;
}

static void stalled(int file) {
    struct sockaddr_in address;
    int listening = listener(&address), before = count_threads();
    char *filler = calloc(1, PIPE_BYTES);
    for (int i = 0; i < STALLED; i++) {
        int through[2];
        loff_t offset = 0;
        connected(&address, 4096);
        int out = accept4(listening, 0, 0, 0);
        while (send(out, filler, PIPE_BYTES, MSG_DONTWAIT) > 0) continue;
        if (pipe(through) || fcntl(through[1], F_SETPIPE_SZ, PIPE_BYTES) < 0) die("pipe");
        if (splice(file, &offset, through[1], 0, PIPE_BYTES, 0) <= 0) die("splice");
        ring_splice(through[0], -1, out, PIPE_BYTES);
    }
    sleep(1);
    printf("%d ring splices that wait: %d threads, %d before\n", STALLED, count_threads(), before);
}

/* Empties the pipe into the socket, by the ring or by calls that do not wait. */
static void drain(const int through[2], int out, ssize_t left, int by_ring, long *calls) {
    while (left > 0) {
        ssize_t n;
        if (by_ring) {
            ring_splice(through[0], -1, out, left);
            n = completion();
        } else {
            n = splice(through[0], 0, out, 0, left, SPLICE_F_NONBLOCK | SPLICE_F_MORE);
        }
        ++*calls;
        if (n < 0 && !by_ring && errno == EAGAIN) wait_for_room(out);
        else if (n <= 0) die("splice to the socket");
        else left -= n;
    }
}

int main(int argc, char **argv) {
    if (argc != 7 && argc != 3) return fprintf(stderr, "see the head of send-file.c\n"), 2;
    const char *way = argv[1];
    int file = open(argv[2], O_RDONLY);
    if (file < 0) die(argv[2]);
    off_t size = lseek(file, 0, SEEK_END);
    posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM);
    open_ring();
    if (argc == 3) return stalled(file), 0;
    size_t piece = atoi(argv[4]) * 1024ul;
    char *memory = malloc(size + PIPE_BYTES);
    fill(file, size, memory, !strcmp(argv[6], "load"));
    struct sockaddr_in address;
    int listening = listener(&address);
    pid_t peer = fork();
    if (peer == 0) {
        int from = connected(&address, 0);
        while (recv(from, memory, PIPE_BYTES, MSG_TRUNC) > 0) continue;
        exit(0);
    }
    int by_ring = !strcmp(way, "ring-splice"), by_pipe = by_ring || !strcmp(way, "splice");
    int probes = !strcmp(way, "sendfile+mincore"), through[2];
    char *view = mmap(0, size, PROT_NONE, MAP_SHARED, file, 0);
    if (view == MAP_FAILED) die("mapping the file");
    int out = accept4(listening, 0, 0, by_ring ? 0 : SOCK_NONBLOCK);
    setsockopt(out, IPPROTO_TCP, TCP_CONGESTION, argv[3], strlen(argv[3]));
    if (pipe(through) || fcntl(through[1], F_SETPIPE_SZ, PIPE_BYTES) < 0) die("pipe");
    long calls = 0;
    uint64_t total = 0;
    double began = now_s(), cpu = cpu_s();
    for (int round = atoi(argv[5]); round > 0; round--) {
        for (off_t offset = 0; offset < size;) {
            size_t want = (size_t)(size - offset) < piece ? (size_t)(size - offset) : piece;
            off_t from = offset;
            ssize_t n;
            if (probes && resident(view, offset, want) == 0) die("not resident");
            if (by_ring) {
                ring_splice(file, offset, through[1], want);
                n = completion();
            } else if (by_pipe) {
                n = splice(file, &from, through[1], 0, want, SPLICE_F_NONBLOCK);
            } else if (!strcmp(way, "send")) {
                n = send(out, memory + offset, want, 0);
            } else {
                n = sendfile(out, file, &from, want);
            }
            calls++;
            if (n < 0 && !by_pipe && errno == EAGAIN) {
                wait_for_room(out);
                continue;
            }
            if (n <= 0) die(way);
            if (by_pipe) drain(through, out, n, by_ring, &calls);
            offset += n;
            total += n;
        }
    }
    double gb = total / 1e9;
    printf("%-17s %s %4zu KiB: %5.2f GB/s %.3f CPU-s/GB %6.0f calls/GB\n", way, argv[3],
           piece / 1024, gb / (now_s() - began), (cpu_s() - cpu) / gb, calls / gb);
    kill(peer, SIGKILL);
    return 0;
}
