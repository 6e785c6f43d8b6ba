package io.iftb.cache.jcache.management;

import io.iftb.cache.store.NearStatus;
import java.util.function.Supplier;

/** The MBean of a near cache: asks for its status each time. */
public record NearCacheMBean(Supplier<NearStatus> status) implements NearCacheMXBean {

    @Override
    public boolean isHearing() {
        return status.get().isHearing();
    }

    @Override
    public String getProblem() {
        return status.get().problem();
    }

    @Override
    public long getBoundMillis() {
        return NearStatus.BOUND.toMillis();
    }

    @Override
    public long getSize() {
        return status.get().size();
    }

    @Override
    public long getHits() {
        return status.get().hits();
    }

    @Override
    public long getReads() {
        return status.get().reads();
    }

    @Override
    public long getChanges() {
        return status.get().changes();
    }

    @Override
    public long getEpochs() {
        return status.get().epochs();
    }
}
