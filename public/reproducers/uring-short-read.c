/*
 * uring-short-read: does an O_DIRECT read through io_uring come back short when
 * only the first page of its buffer is in the page table?
 *
 *   gcc -Wall -O2 -o uring-short-read uring-short-read.c
 *   ./uring-short-read [-1] FILE [PAGES [TRIES]]
 *
 * FILE is created on the file system to be tried, with one extent for each of
 * its PAGES pages (2 to 64, default 2) or, with -1, one extent for all of them,
 * and removed again. Each of TRIES reads
 * (default 20) uses a fresh buffer of which only the first byte was touched.
 * Exit status: 0 all reads complete, 1 at least one was short or wrong, 2 it
 * could not be tried. io_uring is used by its system calls: no library needed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

struct ring {
	int fd;
	struct io_uring_params params;
	uint8_t *sq, *cq;
	struct io_uring_sqe *sqes;
};

static void give_up(const char *what)
{
	fprintf(stderr, "uring-short-read: %s: %s\n", what, strerror(errno));
	exit(2);
}

static unsigned char byte_of(int page)
{
	return page == 0 ? 0xab : page == 1 ? 0xcd : 0x10 + page;
}

static void *map_ring(int fd, size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);

	if (at == MAP_FAILED)
		give_up("mapping the ring");
	return at;
}

static void open_ring(struct ring *r)
{
	struct io_uring_params *p = &r->params;

	memset(r, 0, sizeof(*r));
	r->fd = syscall(__NR_io_uring_setup, 1, p);
	if (r->fd < 0)
		give_up("io_uring_setup");
	r->sq = map_ring(r->fd, p->sq_off.array + p->sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
	r->cq = map_ring(r->fd, p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	r->sqes = map_ring(r->fd, p->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
}

/* One readv of the whole buffer at offset 0; returns cqe->res. */
static int read_once(struct ring *r, int fd, struct iovec *iov)
{
	uint32_t *tail = (uint32_t *)(r->sq + r->params.sq_off.tail);
	uint32_t mask = *(uint32_t *)(r->sq + r->params.sq_off.ring_mask);
	uint32_t *array = (uint32_t *)(r->sq + r->params.sq_off.array);
	uint32_t *head = (uint32_t *)(r->cq + r->params.cq_off.head);
	uint32_t cq_mask = *(uint32_t *)(r->cq + r->params.cq_off.ring_mask);
	struct io_uring_cqe *cqes = (struct io_uring_cqe *)(r->cq + r->params.cq_off.cqes);
	struct io_uring_sqe *sqe = &r->sqes[0];
	int res;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_READV;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)iov;
	sqe->len = 1;
	array[*tail & mask] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		give_up("io_uring_enter");
	res = cqes[*head & cq_mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return res;
}

/* Each extent is written and synced before the next one. */
static unsigned char *make_file(const char *path, int pages, int one)
{
	size_t size = (size_t)pages * PAGE, step = one ? size : PAGE;
	unsigned char *data = NULL;
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_DIRECT, 0644);

	if (fd < 0)
		give_up(path);
	if (posix_memalign((void **)&data, PAGE, size))
		give_up("memory");
	for (int i = 0; i < pages; i++)
		memset(data + (size_t)i * PAGE, byte_of(i), PAGE);
	for (size_t at = 0; at < size; at += step)
		if (pwrite(fd, data + at, step, at) != (ssize_t)step || fsync(fd) != 0)
			give_up("writing the file");
	close(fd);
	return data;
}

int main(int argc, char **argv)
{
	int one = argc > 1 && strcmp(argv[1], "-1") == 0;
	char **arg = argv + one, *name = argv[0];
	int args = argc - one;
	int pages = args > 2 ? atoi(arg[2]) : 2;
	int tries = args > 3 ? atoi(arg[3]) : 20;
	int bad = 0, fd;
	struct ring ring;
	unsigned char *wrote;
	size_t size;

	if (args < 2 || args > 4 || pages < 2 || pages > 64 || tries < 1) {
		fprintf(stderr, "use: %s [-1] FILE [PAGES 2..64 [TRIES]]\n", name);
		return 2;
	}
	size = (size_t)pages * PAGE;
	wrote = make_file(arg[1], pages, one);
	fd = open(arg[1], O_RDONLY | O_DIRECT);
	if (fd < 0)
		give_up("opening it again with O_DIRECT");
	open_ring(&ring);
	for (int i = 1; i <= tries; i++) {
		/* Fresh memory: no page of it is in the page table until it is touched. */
		unsigned char *got = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		struct iovec iov = { got, size };
		int res, differs;

		if (got == MAP_FAILED)
			give_up("memory");
		madvise(got, size, MADV_NOHUGEPAGE);
		got[0] = 0;
		res = read_once(&ring, fd, &iov);
		differs = memcmp(got, wrote, size);
		if (res != (int)size || differs != 0)
			bad++;
		printf("read %d: cqe->res = %d (expected %zu), memcmp() == %d (expected 0)%s\n", i, res, size, differs,
		       res == (int)size && differs == 0 ? "" : "   <-- wrong");
		munmap(got, size);
	}
	printf("%d of %d reads were short or wrong\n", bad, tries);
	unlink(arg[1]);
	return bad > 0;
}
