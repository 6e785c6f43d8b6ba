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
        PageIndexes indexes = new PageIndexes();
        PageLinks links = new PageLinks(scripts, indexes);
        SeriesTurns turns = new SeriesTurns();
        SeriesReader reader = new SeriesReader(scripts, indexes, damage);
        SeriesKeeper keeper = new SeriesKeeper(scripts, links, indexes, reader);
        reader.onLostIndex(keeper::indexLost);
        SeriesWriter writer = new SeriesWriter(scripts, links, reader, turns, keeper);
        return new SeriesAccess(scripts, reader, links, turns, keeper, writer);
    }
}
