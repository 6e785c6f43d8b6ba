package io.iftb.cache.jcache.management;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import javax.cache.CacheException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MBean of a cache on the platform's MBean server, registered while it is enabled. Its name is that of JSR-107, section
 * 12.2: {@code javax.cache:type=CacheStatistics,CacheManager=<URI>,Cache=<name>}, with a dot for each character that is not
 * allowed. If two caches would have the same name, such as {@code a:b} and {@code a=b}, the later one gets {@code ~} and eight
 * hexadecimal digits, a hash of the cache's name.
 */
public final class MBeanRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(MBeanRegistration.class);

    private final ObjectName plain;
    private final ObjectName distinct;
    private final StandardMBean mBean;
    private @Nullable ObjectName registered;

    private MBeanRegistration(ObjectName plain, ObjectName distinct, StandardMBean mBean) {
        this.plain = plain;
        this.distinct = distinct;
        this.mBean = mBean;
    }

    /**
     * Creates an MBean without registering it.
     *
     * @param type {@code CacheStatistics} or {@code CacheConfiguration}
     * @param managerUri the URI of the cache manager, without a password
     * @param mxBean the interface of the MBean
     */
    public static <T> MBeanRegistration of(
            String type, String managerUri, String cacheName, T implementation, Class<T> mxBean) {
        return of("javax.cache", type, managerUri, cacheName, implementation, mxBean);
    }

    /** Like {@link #of}, in a domain of our own, for a type that the specification does not know. */
    public static <T> MBeanRegistration own(
            String type, String managerUri, String cacheName, T implementation, Class<T> mxBean) {
        return of("io.iftb.cache", type, managerUri, cacheName, implementation, mxBean);
    }

    private static <T> MBeanRegistration of(
            String domain, String type, String managerUri, String cacheName, T implementation, Class<T> mxBean) {
        String name = domain + ":type=" + type + ",CacheManager=" + clean(managerUri) + ",Cache=" + clean(cacheName);
        String hash = String.format(Locale.ROOT, "~%08x", cacheName.hashCode());
        try {
            return new MBeanRegistration(
                    new ObjectName(name), new ObjectName(name + hash), new StandardMBean(implementation, mxBean, true));
        } catch (JMException e) {
            throw new CacheException("Cache '" + cacheName + "' cannot have an MBean " + name, e);
        }
    }

    private static String clean(String text) {
        return text.replaceAll("[,:=\n*?\"]", ".");
    }

    /** Registers or unregisters it. */
    public synchronized void enable(boolean on) {
        try {
            if (on && registered == null) {
                registered = register(ManagementFactory.getPlatformMBeanServer());
            } else if (!on && registered != null) {
                unregister(registered);
            }
        } catch (JMException e) {
            throw new CacheException("MBean " + plain + " cannot be " + (on ? "registered" : "unregistered"), e);
        }
    }

    private @Nullable ObjectName register(MBeanServer server) throws JMException {
        for (ObjectName name : new ObjectName[] {plain, distinct}) {
            try {
                server.registerMBean(mBean, name);
                return name;
            } catch (InstanceAlreadyExistsException e) {
                LOG.debug("The MBean {} exists already", name);
            }
        }
        LOG.warn(
                "The MBeans {} and {} exist already, of cache managers with the same URI; this cache has none",
                plain,
                distinct);
        return null;
    }

    private void unregister(ObjectName name) throws JMException {
        registered = null;
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            LOG.debug("Another program has unregistered the MBean {}", name);
        }
    }
}
