package io.iftb.cache.codec;

import java.lang.reflect.InvocationTargetException;

/** A call into a class of the application while bytes are read. */
interface Construction {

    Object run() throws InvocationTargetException, InstantiationException, IllegalAccessException;

    /** Makes the call; a value that the class refuses is corrupt. */
    static Object call(Construction construction) {
        try {
            return construction.run();
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw new CorruptValueException("its class refuses the value: " + cause, cause);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new CorruptValueException("an object of its class cannot be constructed", e);
        }
    }
}
