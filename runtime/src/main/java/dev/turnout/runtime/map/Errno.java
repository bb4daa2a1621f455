package dev.turnout.runtime.map;

/** Error numbers of Linux that map operations and helpers give back, negated. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int ERANGE = 34;
    public static final int EDEADLK = 35;
    public static final int ENODATA = 61;
    public static final int EOVERFLOW = 75;
    public static final int EOPNOTSUPP = 95;
    public static final int ETIMEDOUT = 110;
    public static final int EAFNOSUPPORT = 97;
    public static final int EALREADY = 114;
    /** The kernel's own {@code ENOTSUPP}, which it lets out where a kind of map lacks an operation of hosts. */
    public static final int ENOTSUPP = 524;

    private Errno() {}
}
