package io.iftb.cache.store;

/**
 * What reads and writes series, for whole series and for single bars.
 *
 * @param scripts the scripts and the keys
 * @param reader reads ranges of bars
 * @param links exchanges pages
 * @param turns for those who change pages
 * @param keeper seals heads
 * @param writer writes bars
 */
record SeriesAccess(
        SeriesScripts scripts,
        SeriesReader reader,
        PageLinks links,
        SeriesTurns turns,
        SeriesKeeper keeper,
        SeriesWriter writer) {

    static SeriesAccess of(SeriesScripts scripts, SeriesDamage damage) {
        PageLinks links = new PageLinks(scripts);
        SeriesTurns turns = new SeriesTurns();
        SeriesKeeper keeper = new SeriesKeeper(scripts, links);
        SeriesWriter writer = new SeriesWriter(scripts, links, turns, keeper);
        return new SeriesAccess(scripts, new SeriesReader(scripts, damage), links, turns, keeper, writer);
    }
}
