package io.iftb.cache.redis;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.redisson.connection.MasterSlaveEntry;

/** One primary: the calls to it, and its clock. Its address changes with a failover. Safe for use by several threads. */
final class Primary {

    private final Supplier<MasterSlaveEntry> entry;
    private final Supplier<String> name;
    private final Calls calls;
    private final ServerClock clock;

    /**
     * @param entry the primary as the client library knows it
     * @param name its address in messages
     * @param shared what it shares with other primaries
     */
    Primary(Supplier<MasterSlaveEntry> entry, Supplier<String> name, Primaries.Shared shared) {
        this.entry = entry;
        this.name = name;
        this.calls = new Calls(shared, this);
        this.clock = new ServerClock(
                () -> calls.begin(ServerClock.NUMBERS, Request.of(Command.TIME, true, this.entry.get()), null));
    }

    /** The primary as the client library knows it. */
    MasterSlaveEntry entry() {
        return entry.get();
    }

    /** Where it is now. */
    InetSocketAddress address() {
        return entry().getClient().getAddr();
    }

    Calls calls() {
        return calls;
    }

    ServerClock clock() {
        return clock;
    }

    /** Its address now, without user and password. */
    @Override
    public String toString() {
        return name.get();
    }
}
