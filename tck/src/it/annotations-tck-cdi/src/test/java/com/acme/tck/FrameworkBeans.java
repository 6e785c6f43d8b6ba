package com.acme.tck;

import javax.cache.annotation.BeanProvider;
import javax.enterprise.inject.se.SeContainer;
import javax.enterprise.inject.se.SeContainerInitializer;

public class FrameworkBeans implements BeanProvider {

    private final SeContainer container = SeContainerInitializer.newInstance()
            .addProperty("org.jboss.weld.se.archive.isolation", false)
            .initialize();

    @Override
    public <T> T getBeanByType(Class<T> type) {
        return container.select(type).get();
    }
}
