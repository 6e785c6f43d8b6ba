package io.iftb.cache.jcache;

import io.iftb.cache.settings.Setting;
import java.lang.management.ManagementFactory;
import javax.cache.CacheException;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MBean of a cache on the platform's server, there while it is switched on. Its name is that of JSR-107, section
 * 12.2: {@code javax.cache:type=CacheStatistics,CacheManager=<URI>,Cache=<name>}, where a full stop stands for each
 * character that a name cannot hold, and user and password of an address are left out.
 */
final class MBeanRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(MBeanRegistration.class);

    private final ObjectName name;
    private final StandardMBean bean;
    private boolean registered;

    private MBeanRegistration(ObjectName name, StandardMBean bean) {
        this.name = name;
        this.bean = bean;
    }

    /** @param type {@code CacheStatistics} or {@code CacheConfiguration} */
    static <T> MBeanRegistration of(String type, RedisCache<?, ?> cache, T bean, Class<T> mxBean) {
        String name = "javax.cache:type=" + type + ",CacheManager="
                + clean(Setting.masked(cache.getCacheManager().getURI().toString())) + ",Cache="
                + clean(cache.getName());
        try {
            return new MBeanRegistration(new ObjectName(name), new StandardMBean(bean, mxBean, true));
        } catch (JMException e) {
            throw new CacheException("Cache '" + cache.getName() + "' cannot have an MBean " + name, e);
        }
    }

    private static String clean(String text) {
        return text.replaceAll("[,:=\n*?\"]", ".");
    }

    /** Puts it on the server, or takes it off. */
    synchronized void enable(boolean on) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            if (on && !registered) {
                server.registerMBean(bean, name);
                registered = true;
            } else if (!on && registered) {
                registered = false;
                server.unregisterMBean(name);
            }
        } catch (InstanceAlreadyExistsException e) {
            LOG.warn(
                    "There is an MBean {} already, of a cache manager with the same URI or a cache of much the same"
                            + " name; it stays",
                    name);
        } catch (InstanceNotFoundException e) {
            LOG.debug("MBean {} was taken off by somebody else", name);
        } catch (JMException e) {
            throw new CacheException("MBean " + name + " cannot be " + (on ? "registered" : "unregistered"), e);
        }
    }
}
