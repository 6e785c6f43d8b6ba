package io.iftb.cache.benchmarks.scale;

/** What gives way when there are too many bots. */
public enum Limit {
    PROCESSOR("processor: 70% of its one thread"),
    DELAY("delay: 10 ms for 99 of 100 reads"),
    NETWORK("network: 10 Gbit/s"),
    MEMORY("memory: 32 GB"),
    CONNECTIONS("connections: 10,000 (maxclients)");

    private static final double MOST_LOAD = 0.7;
    private static final double MOST_DELAY_MICROS = 10_000;
    private static final double MOST_NETWORK_BYTES = 10e9 / 8;
    private static final double MOST_MEMORY_BYTES = 32e9;
    private static final double MOST_CONNECTIONS = 10_000;
    private static final int MOST_BOTS = 1_000_000;

    private final String text;

    Limit(String text) {
        this.text = text;
    }

    /** The limit with its figure. */
    public String text() {
        return text;
    }

    /** How much of it is used, for one primary; 1 is all. */
    double used(Capacity of) {
        return switch (this) {
            case PROCESSOR -> of.load() / MOST_LOAD;
            case DELAY -> of.delayMicros() / MOST_DELAY_MICROS;
            case NETWORK -> of.networkBytes() / MOST_NETWORK_BYTES;
            case MEMORY -> of.memoryBytes() / MOST_MEMORY_BYTES;
            case CONNECTIONS -> of.connections() / MOST_CONNECTIONS;
        };
    }

    /** With how many bots it is reached; 0 if it is without any, a million if it is not with fewer. */
    public int mostBots(Capacity of) {
        int fits = 0;
        int most = MOST_BOTS;
        while (fits < most) {
            int bots = fits + (most - fits + 1) / 2;
            if (used(of.withBots(bots)) <= 1) {
                fits = bots;
            } else {
                most = bots - 1;
            }
        }
        return fits;
    }
}
