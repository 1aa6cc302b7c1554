// append-hole: does an O_APPEND | O_DIRECT write from memory that is not in the page table leave a hole?
//
//     gcc -Wall -O2 -o append-hole append-hole.c
//     ./append-hole FILE [LENGTH [PRESENT [BEFORE]]]
//
// FILE is created, or truncated, on the file system to be tried. LENGTH bytes (65536 by default) are appended from a
// mapping of which only the first PRESENT bytes (0) were touched; the file has BEFORE bytes (0) before. All are multiples
// of 4096. The memory is filled through another mapping, so that lost data can be told from zeros.
//
// Exit status: 0 the file is as it should be, 1 it is not, 2 the test could not be made.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { page = 4096, fill = 0xab };

static void die(const char *what)
{
	fprintf(stderr, "append-hole: %s: %s\n", what, strerror(errno));
	exit(2);
}

static size_t number(const char *text, const char *name)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*text == '\0' || *end != '\0' || value % page != 0 || value > 1UL << 30) {
		fprintf(stderr, "append-hole: %s is to be a multiple of 4096 up to 1 GiB, not \"%s\"\n", name, text);
		exit(2);
	}
	return value;
}

// Where data and holes are, as SEEK_DATA and SEEK_HOLE tell.
static void print_map(int fd, off_t size)
{
	off_t at = 0;

	printf("map:");
	while (at < size) {
		off_t data = lseek(fd, at, SEEK_DATA), hole;

		if (data < 0)
			data = size;
		if (data > at)
			printf(" hole [%lld, %lld)", (long long)at, (long long)data);
		if (data >= size)
			break;
		hole = lseek(fd, data, SEEK_HOLE);
		if (hole < 0)
			hole = size;
		printf(" data [%lld, %lld)", (long long)data, (long long)hole);
		at = hole;
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	size_t length, present, before, at;
	unsigned char *filled, *source, *back;
	struct stat st;
	ssize_t wrote;
	int memory, fd, bad = 0;

	if (argc < 2 || argc > 5) {
		fprintf(stderr, "usage: append-hole FILE [LENGTH [PRESENT [BEFORE]]]\n");
		return 2;
	}
	length = argc > 2 ? number(argv[2], "LENGTH") : 65536;
	present = argc > 3 ? number(argv[3], "PRESENT") : 0;
	before = argc > 4 ? number(argv[4], "BEFORE") : 0;
	if (length == 0 || present > length) {
		fprintf(stderr, "append-hole: LENGTH is to be more than 0, and PRESENT at most LENGTH\n");
		return 2;
	}

	memory = memfd_create("append-hole", 0);
	if (memory < 0 || ftruncate(memory, length) < 0)
		die("memfd");
	filled = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	source = mmap(NULL, length, PROT_READ, MAP_SHARED, memory, 0);
	if (filled == MAP_FAILED || source == MAP_FAILED)
		die("mmap");
	memset(filled, fill, length);
	// Faulting a page in must not bring its neighbours.
	if (madvise(source, length, MADV_RANDOM) < 0)
		die("madvise");
	for (at = 0; at < present; at += page)
		(void)*(volatile unsigned char *)(source + at);

	fd = open(argv[1], O_CREAT | O_TRUNC | O_RDWR | O_DIRECT, 0644);
	if (fd < 0)
		die(argv[1]);
	if (posix_memalign((void **)&back, page, before > 0 ? before : page) != 0)
		die("memory");
	memset(back, 0x11, before);
	if (before > 0 && pwrite(fd, back, before, 0) != (ssize_t)before)
		die("first write");
	free(back);
	if (fcntl(fd, F_SETFL, O_APPEND | O_DIRECT) < 0)
		die("F_SETFL");

	wrote = write(fd, source, length);
	if (wrote < 0)
		die("write");
	if (fsync(fd) < 0)
		die("fsync");
	if (fstat(fd, &st) < 0)
		die("fstat");
	printf("write() returned %zd of %zu\n", wrote, length);
	printf("size: %lld, should be %zu\n", (long long)st.st_size, before + (size_t)wrote);
	print_map(fd, st.st_size);
	if (st.st_size != (off_t)(before + wrote)) {
		printf("BAD: the file grew by %lld\n", (long long)st.st_size - (long long)before);
		bad = 1;
	}

	back = mmap(NULL, st.st_size > 0 ? st.st_size : 1, PROT_READ, MAP_SHARED, fd, 0);
	if (back == MAP_FAILED)
		die("mmap of the file");
	for (at = before; at < before + (size_t)wrote && at < (size_t)st.st_size; at++)
		if (back[at] != fill) {
			printf("BAD: byte %zu is 0x%02x, should be 0x%02x\n", at, back[at], fill);
			bad = 1;
			break;
		}
	if (!bad)
		printf("ok\n");
	return bad;
}
