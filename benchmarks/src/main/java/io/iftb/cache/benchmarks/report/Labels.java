package io.iftb.cache.benchmarks.report;

/** Labels on a vertical line that must not lie on each other. */
final class Labels {

    private Labels() {}

    /** Places in the same order, each as near as can be to where it is wanted, which ascends. */
    static double[] apart(double[] wanted, double distance, double height) {
        double[] places = wanted.clone();
        for (int i = 1; i < places.length; i++) {
            places[i] = Math.max(places[i], places[i - 1] + distance);
        }
        // what was pushed down is a cluster: let it rise by half of that, then keep it inside
        double limit = height;
        for (int i = places.length - 1; i >= 0; i--) {
            double risen = places[i] - (places[i] - wanted[i]) / 2;
            places[i] = Math.min(risen, limit);
            limit = places[i] - distance;
        }
        for (int i = 1; i < places.length; i++) {
            places[i] = Math.max(places[i], places[i - 1] + distance);
        }
        return places;
    }
}
