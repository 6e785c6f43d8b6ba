package com.acme.tck;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import domain.Blog;
import java.util.ServiceLoader;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.annotation.BeanProvider;
import manager.ClassLevelCacheConfigBlogManagerImpl;
import org.junit.Test;

/** Checks the bean provider: if it does not work, the tests of the TCK pass without running. */
public class BeanProviderTest {

    @Test
    public void getBeanByType_ofTheOneProvider_isCachedOnTheServer() {
        BeanProvider beans = ServiceLoader.load(BeanProvider.class).iterator().next();
        assertEquals(FrameworkBeans.class, beans.getClass());

        ClassLevelCacheConfigBlogManagerImpl blogs = beans.getBeanByType(ClassLevelCacheConfigBlogManagerImpl.class);
        blogs.createEntry(new Blog("title", "body"));
        assertNotNull(blogs.getEntryCached("title"));
        blogs.clearEntry("title");
        assertEquals("body", blogs.getEntryCached("title").getBody());

        CacheManager caches = Caching.getCachingProvider().getCacheManager();
        assertTrue(caches.getClass().getName().startsWith("io.iftb.cache."));
        assertTrue(caches.getCache("blgMngr").iterator().hasNext());
        caches.getCache("blgMngr").clear();
        assertNull(blogs.getEntryCached("title"));
    }
}
