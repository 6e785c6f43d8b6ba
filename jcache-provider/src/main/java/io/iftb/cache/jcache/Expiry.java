package io.iftb.cache.jcache;

import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.store.EntryFreshness;
import io.iftb.cache.store.Lifetimes;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The expiry policy of a cache as lifetimes of the store.
 *
 * <p>The policies of the specification are constant, so they are asked once, when the cache opens. Any other policy is asked
 * for each entry, once it is known whether the entry is created, updated or accessed. If it throws, a new entry gets the
 * cache's default lifetime, and an update or access keeps the lifetime. If it returns null for a creation, which the
 * specification does not define, the default lifetime applies too.
 */
final class Expiry {

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    private final String cacheName;
    private final ExpiryPolicy policy;
    private final long fallback;
    private final AtomicBoolean warned = new AtomicBoolean();
    private final @Nullable Constant constant;

    /** @param fallback the lifetime of a new entry if the policy throws or returns null */
    Expiry(String cacheName, ExpiryPolicy policy, long fallback) {
        this.cacheName = cacheName;
        this.policy = policy;
        this.fallback = fallback;
        this.constant =
                isConstant(policy) ? new Constant(new Lifetimes(askCreation(), askUpdate()), askAccess()) : null;
    }

    /** The lifetimes if they are the same for every entry; otherwise null. */
    @Nullable
    Constant constant() {
        return constant;
    }

    /**
     * Says how long entries are fresh.
     *
     * @throws CacheException if they are to be kept fresh, and their lifetimes do not begin with a write alone
     */
    void tell(EntryFreshness freshness) {
        Constant known = constant;
        boolean isByWrites = known != null && known.access() == Lifetimes.KEEP;
        long creation = known == null ? Lifetimes.ETERNAL : known.writes().creation();
        if (!isByWrites && freshness.options().areReadsSpecial()) {
            throw new CacheException("Cache '" + cacheName + "' is to be kept fresh, by "
                    + CacheSetting.REFRESH_AHEAD.propertyName(cacheName) + " or the like, but its expiry policy "
                    + policy.getClass().getName()
                    + " gives lifetimes that do not begin with a write alone; use a created"
                    + " or modified expiry, or leave these settings out");
        }
        freshness.lifetime(isByWrites ? creation : Lifetimes.ETERNAL, creation);
    }

    long creation() {
        return constant == null ? askCreation() : constant.writes().creation();
    }

    long update() {
        return constant == null ? askUpdate() : constant.writes().update();
    }

    long access() {
        return constant == null ? askAccess() : constant.access();
    }

    /** The policy, which may need to be closed. */
    ExpiryPolicy policy() {
        return policy;
    }

    private long askCreation() {
        return ask("creation", policy::getExpiryForCreation, fallback, fallback);
    }

    private long askUpdate() {
        return ask("update", policy::getExpiryForUpdate, Lifetimes.KEEP, Lifetimes.KEEP);
    }

    private long askAccess() {
        return ask("access", policy::getExpiryForAccess, Lifetimes.KEEP, Lifetimes.KEEP);
    }

    private long ask(String event, Supplier<@Nullable Duration> question, long whenNull, long whenThrown) {
        try {
            Duration duration = question.get();
            return duration == null ? whenNull : millis(duration);
        } catch (Exception e) { // also a checked one, which other languages let through
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "The expiry policy {} of cache '{}' failed for the {} of an entry. New entries get the default "
                                + "lifetime of the cache, others keep theirs. This is logged once.",
                        policy.getClass().getName(),
                        cacheName,
                        event,
                        e);
            }
            return whenThrown;
        }
    }

    private static boolean isConstant(ExpiryPolicy policy) {
        return policy instanceof EternalExpiryPolicy
                || policy instanceof CreatedExpiryPolicy
                || policy instanceof ModifiedExpiryPolicy
                || policy instanceof AccessedExpiryPolicy
                || policy instanceof TouchedExpiryPolicy;
    }

    private static long millis(Duration duration) {
        if (duration.isEternal()) {
            return Lifetimes.ETERNAL;
        }
        long millis = duration.getTimeUnit().toMillis(duration.getDurationAmount());
        return millis > Lifetimes.MAX ? Lifetimes.ETERNAL : millis;
    }

    /**
     * The lifetimes of a constant policy.
     *
     * @param writes after a creation or an update
     * @param access after an access
     */
    record Constant(Lifetimes writes, long access) {}
}
