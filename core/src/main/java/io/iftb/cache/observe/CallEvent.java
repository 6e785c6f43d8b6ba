package io.iftb.cache.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A call that took long. */
@Name(CallEvent.NAME)
@Label("Cache Call")
@Description("A call of a cache that took longer than the threshold")
@Category("iftb-cache")
@Threshold("10 ms")
@StackTrace(false) // a call may end in a thread of the cache
final class CallEvent extends Event {

    static final String NAME = "io.iftb.cache.Call";

    @Label("Cache")
    String cache = "";

    @Label("Operation")
    String operation = "";

    @Label("Key")
    @Description("Shortened")
    String key = "";

    @Label("Outcome")
    String outcome = "";

    @Label("Origin")
    String origin = "";
}
