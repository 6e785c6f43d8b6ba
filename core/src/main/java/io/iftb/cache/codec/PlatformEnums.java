package io.iftb.cache.codec;

import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The public enums of the JDK. They need no trust, and are looked up in its modules only, never by a loader of the user. */
final class PlatformEnums {

    private static final Map<String, Module> EXPORTED = new HashMap<>();

    static {
        for (Module module : ModuleLayer.boot().modules()) {
            ClassLoader loader = module.getClassLoader();
            if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
                module.getPackages().stream().filter(module::isExported).forEach(room -> EXPORTED.put(room, module));
            }
        }
    }

    private PlatformEnums() {}

    static boolean holds(Class<?> type) {
        return type.isEnum() && find(type.getName()) == type;
    }

    /** The enum of a name, not initialized; null if there is none. */
    static @Nullable Class<?> find(String className) {
        int dot = className.lastIndexOf('.');
        Module module = dot < 0 ? null : EXPORTED.get(className.substring(0, dot));
        Class<?> type = module == null ? null : Class.forName(module, className);
        return type != null && type.isEnum() && Modifier.isPublic(type.getModifiers()) ? type : null;
    }
}
