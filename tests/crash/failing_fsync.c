/* From the n-th call on (FAILING_FSYNC), fsync and fdatasync answer EIO once and then lie: as Linux does after a failed write-back. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/syscall.h>

static int calls;

static int sync_or_fail(long number, int handle)
{
    const char *at = getenv("FAILING_FSYNC");
    calls++;
    if (at && calls == atoi(at)) {
        errno = EIO;
        return -1;
    }
    if (at && calls > atoi(at))
        return 0;
    return (int)syscall(number, handle);
}

int fsync(int handle) { return sync_or_fail(SYS_fsync, handle); }
int fdatasync(int handle) { return sync_or_fail(SYS_fdatasync, handle); }
