package com.acme.tck;

import javax.cache.annotation.BeanProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.ClassPathXmlApplicationContext;

public class FrameworkBeans implements BeanProvider {

    private final ApplicationContext context = new ClassPathXmlApplicationContext("beans.xml");

    @Override
    public <T> T getBeanByType(Class<T> type) {
        return context.getBean(type);
    }
}
