/**
 * The part of every reproducer that no scene changes: C of one file, for `cc -O2 -pthread`, without other libraries; io_uring and libaio
 * by their system calls. Ours, MIT like the rest.
 */

/** Before what the scene says. `TASKS` and `CALLS` are defined above it. */
export const head = `#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/aio_abi.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define PAGE 4096
`

/** What calls, observation and threads need. */
export const body = `
struct result {
	int made;		/* the call was made, and has returned */
	long ret;		/* what it returned, -errno if it failed */
	unsigned char *buf;	/* what a read found */
	off_t at;		/* where in the file it read */
	size_t len;
};

static struct result results[TASKS][CALLS];
static const char *path;
static unsigned seed = 1;
static long delay_us = 200;
static pthread_barrier_t start;
static int after_power;		/* a power failure came between: only the file is left */

#define UNUSED __attribute__((unused))

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\\n", what, strerror(errno));
	exit(2);
}

/* Memory of its own for a call. Nobody has touched it. */
UNUSED static unsigned char *fresh(size_t len)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	/* A huge page would bring its neighbours in. */
	madvise(at, len, MADV_NOHUGEPAGE);
	return at;
}

/* The same, filled by way of another mapping: only the first \`present\` bytes are in the page table here. */
UNUSED static unsigned char *filled(size_t len, int byte, size_t present)
{
	int fd = syscall(SYS_memfd_create, "buffer", 0);
	unsigned char *other, *at;
	volatile unsigned char sum = 0;

	if (fd < 0 || ftruncate(fd, len))
		die("memfd_create");
	other = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (other == MAP_FAILED || at == MAP_FAILED)
		die("mmap");
	memset(other, byte, len);
	munmap(other, len);
	close(fd);
	/* Faults bring in what lies around them, too, unless they are told not to. */
	madvise(at, len, MADV_RANDOM);
	for (size_t i = 0; i < present && i < len; i += PAGE)
		sum += at[i];
	(void)sum;
	return at;
}

/* For a read: the first \`present\` bytes are touched. */
UNUSED static unsigned char *target(size_t len, size_t present)
{
	unsigned char *at = fresh(len);

	for (size_t i = 0; i < present && i < len; i += PAGE)
		((volatile unsigned char *)at)[i] = 0;
	return at;
}

UNUSED static long checked(long ret)
{
	return ret < 0 ? -errno : ret;
}

UNUSED static long uring_read(int fd, unsigned char *buf, size_t len, off_t at)
{
	struct io_uring_params p = { 0 };
	int ring = syscall(SYS_io_uring_setup, 1, &p);
	unsigned char *sq, *cq;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	unsigned head;
	long ret;

	if (ring < 0)
		return -errno;
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, p.sq_entries * sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		die("mmap of a ring");
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_READ;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)buf;
	sqe->len = len;
	sqe->off = at;
	*(unsigned *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	ret = syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	if (ret < 0) {
		ret = -errno;
	} else {
		head = __atomic_load_n((unsigned *)(cq + p.cq_off.head), __ATOMIC_ACQUIRE);
		cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes) + (head & *(unsigned *)(cq + p.cq_off.ring_mask));
		ret = cqe->res;
	}
	munmap(sq, p.sq_off.array + p.sq_entries * 4);
	munmap(cq, p.cq_off.cqes + p.cq_entries * sizeof(*cqe));
	munmap(sqe, p.sq_entries * sizeof(*sqe));
	close(ring);
	return ret;
}

UNUSED static long aio_rw(int fd, int opcode, unsigned char *buf, size_t len, off_t at, int flags)
{
	aio_context_t context = 0;
	struct iocb one = {
		.aio_fildes = fd, .aio_lio_opcode = opcode, .aio_buf = (uintptr_t)buf, .aio_nbytes = len, .aio_offset = at, .aio_rw_flags = flags
	};
	struct iocb *list[1] = { &one };
	struct io_event event;
	long ret;

	if (syscall(SYS_io_setup, 1, &context) < 0)
		return -errno;
	if (syscall(SYS_io_submit, context, 1, list) != 1)
		ret = -errno;
	else
		ret = syscall(SYS_io_getevents, context, 1, 1, &event, NULL) == 1 ? (long)event.res : -errno;
	syscall(SYS_io_destroy, context);
	return ret;
}

UNUSED static long aio_read(int fd, unsigned char *buf, size_t len, off_t at)
{
	return aio_rw(fd, IOCB_CMD_PREAD, buf, len, at, 0);
}

UNUSED static long aio_write(int fd, unsigned char *buf, size_t len, off_t at, int flags)
{
	return aio_rw(fd, IOCB_CMD_PWRITE, buf, len, at, flags);
}

UNUSED static long read_with(int fd, unsigned char *buf, size_t len, off_t at, int flags)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };

	return checked(preadv2(fd, &iov, 1, at, flags));
}

UNUSED static long write_with(int fd, unsigned char *buf, size_t len, off_t at, int flags)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };

	return checked(pwritev2(fd, &iov, 1, at, flags));
}

UNUSED static long store(unsigned char *map, off_t at, size_t len, int byte)
{
	for (size_t i = 0; i < len; i++)
		((volatile unsigned char *)map)[at + i] = byte;
	return 0;
}

UNUSED static void keep(int task, int call, long ret, unsigned char *buf, off_t at, size_t len)
{
	results[task][call] = (struct result){ .made = 1, .ret = ret, .buf = buf, .at = at, .len = len };
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* Waits without sleeping, up to the longest delay, in half of all cases not at all. */
UNUSED static void pause_a_bit(unsigned *state)
{
	uint64_t until;

	if (delay_us == 0 || rand_r(state) % 2)
		return;
	until = now_ns() + (uint64_t)(rand_r(state) % (delay_us * 1000));
	while (now_ns() < until)
		;
}

/* What is seen once every task is done. */
static off_t file_size;
static unsigned char *file_data;
static unsigned char *file_kind;	/* of each page: 'd' data, 'h' hole, 'u' unwritten */
static int unreadable;

static void observe(void)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	size_t pages, most = 512;
	struct fiemap *map;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	file_size = st.st_size;
	pages = (file_size + PAGE - 1) / PAGE;
	file_data = calloc(pages + 1, PAGE);
	file_kind = malloc(pages + 1);
	memset(file_kind, 'h', pages + 1);
	if (COLD) {
		fsync(fd);
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	}
	unreadable = pread(fd, file_data, file_size, 0) < 0;
	if (unreadable && errno != EIO)
		die("the file cannot be read");
	map = calloc(1, sizeof(*map) + most * sizeof(struct fiemap_extent));
	map->fm_length = FIEMAP_MAX_OFFSET;
	map->fm_extent_count = most;
	if (ioctl(fd, FS_IOC_FIEMAP, map) < 0) {
		/* No FIEMAP here: what lseek() calls data. */
		for (off_t at = lseek(fd, 0, SEEK_DATA); at >= 0 && at < file_size;) {
			off_t end = lseek(fd, at, SEEK_HOLE);

			for (off_t i = at; i < end; i += PAGE)
				file_kind[i / PAGE] = 'd';
			at = lseek(fd, end, SEEK_DATA);
		}
	} else {
		for (unsigned i = 0; i < map->fm_mapped_extents; i++) {
			struct fiemap_extent *e = &map->fm_extents[i];

			for (uint64_t at = e->fe_logical; at < e->fe_logical + e->fe_length && at < (uint64_t)file_size; at += PAGE)
				file_kind[at / PAGE] = e->fe_flags & FIEMAP_EXTENT_UNWRITTEN ? 'u' : 'd';
		}
	}
	free(map);
	close(fd);
}

static void forget(void)
{
	free(file_data);
	free(file_kind);
	for (int i = 0; i < TASKS; i++)
		for (int j = 0; j < CALLS; j++)
			if (results[i][j].buf)
				munmap(results[i][j].buf, results[i][j].len);
	memset(results, 0, sizeof(results));
}

/* Is all of [from, to) like this, or any of it? Nothing past the end of the file is. */
UNUSED static int kind_in(off_t from, off_t to, int kind, int all)
{
	for (off_t at = from; at < to; at += PAGE)
		if ((at < file_size && file_kind[at / PAGE] == kind) != all)
			return !all;
	return all;
}

UNUSED static int bytes_in(off_t from, off_t to, int byte, int all)
{
	for (off_t at = from; at < to; at++)
		if ((at < file_size && file_data[at] == byte) != all)
			return !all;
	return all;
}

UNUSED static struct result *last_read(int task)
{
	for (int i = CALLS - 1; i >= 0; i--)
		if (results[task][i].buf)
			return &results[task][i];
	return NULL;
}

/* What the task's last read found in [from, to) of the file. */
UNUSED static int read_in(int task, off_t from, off_t to, int byte, int all)
{
	struct result *r = last_read(task);

	for (off_t at = from; at < to; at++) {
		int same = r && r->ret > 0 && at >= r->at && at < r->at + r->ret && r->buf[at - r->at] == byte;

		if (same != all)
			return !all;
	}
	return all;
}

UNUSED static int read_any(int task, int byte)
{
	struct result *r = last_read(task);

	for (long i = 0; r && i < r->ret; i++)
		if (r->buf[i] == byte)
			return 1;
	return 0;
}

UNUSED static int read_only(void)
{
	struct statvfs st;

	return statvfs(path, &st) == 0 && (st.f_flag & ST_RDONLY) != 0;
}

UNUSED static int got_eio(void)
{
	for (int i = 0; i < TASKS; i++)
		for (int j = 0; j < CALLS; j++)
			if (results[i][j].made && results[i][j].ret == -EIO)
				return 1;
	return unreadable;
}
`

/** The end: options, rounds, what was counted. */
export const main = `
/* Outcomes by what every call returned and how long the file is. */
#define OUTCOMES 64
static struct {
	char text[512];
	long count;
} outcomes[OUTCOMES];

static void count_outcome(void)
{
	char text[512];
	size_t used = 0;

	for (int i = 0; i < TASKS; i++)
		for (int j = 0; j < CALLS; j++) {
			struct result *r = &results[i][j];

			if (!r->made || used + 64 > sizeof(text))
				continue;
			used += r->ret < 0 ? snprintf(text + used, sizeof(text) - used, "%c%d: %s, ", task_letters[i], j + 1, strerrorname(-r->ret))
					   : snprintf(text + used, sizeof(text) - used, "%c%d: %ld, ", task_letters[i], j + 1, r->ret);
		}
	snprintf(text + used, sizeof(text) - used, "size %lld", (long long)file_size);
	for (int i = 0; i < OUTCOMES; i++)
		if (!outcomes[i].count || !strcmp(outcomes[i].text, text)) {
			memcpy(outcomes[i].text, text, sizeof(text));
			outcomes[i].count++;
			return;
		}
}

int main(int argc, char **argv)
{
	const char *dir = ".";
	long rounds = 1000;
	static char name[4096];
	int broken = 0, kept = 0, option;

	while ((option = getopt(argc, argv, "n:d:s:kl")) != -1)
		switch (option) {
		case 'n':
			rounds = atol(optarg);
			break;
		case 'd':
			delay_us = atol(optarg);
			break;
		case 's':
			seed = atol(optarg);
			break;
		case 'k':
			kept = 1;
			break;
		case 'l':
			kept = after_power = 1;
			break;
		default:
			fprintf(stderr, "usage: %s [-n rounds] [-d longest delay in us] [-s seed] [-k | -l] [directory]\\n"
					"  -k  one round, and the file is kept\\n"
					"  -l  looks at the file that -k has kept, after a power failure\\n", argv[0]);
			return 2;
		}
	if (optind < argc)
		dir = argv[optind];
	if (kept)
		rounds = 1;
	snprintf(name, sizeof(name), "%s/lockstep-%d", dir, kept ? 0 : getpid());
	path = name;
	/* Who waits for ever is told of. */
	alarm(60 + rounds / 10);
	for (long i = 0; i < rounds; i++) {
		if (!after_power)
			round_of(i);
		observe();
		count_outcome();
		judge();
		forget();
	}
	if (!kept)
		unlink(path);
	printf("%ld rounds\\n", rounds);
	broken = report(rounds);
	for (int i = 0; i < OUTCOMES && outcomes[i].count; i++)
		printf("%8ld  %s\\n", outcomes[i].count, outcomes[i].text);
	return broken;
}
`
