package io.iftb.cache.codec.page;

import io.iftb.cache.codec.CorruptValueException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A page, or some blocks of one, for a {@link PageReader}. Its bytes are not copied, and are looked at when bars are read.
 *
 * <p>Bytes that are not a page, or were changed, cause a {@link CorruptValueException}: those of the header when the page is
 * opened, those of a block when that is read.
 */
public final class SealedPage {

    private final PageHeader header;
    private final ByteBuffer blocks;
    private final int firstBlock;
    private final int endBlock;

    private SealedPage(PageHeader header, ByteBuffer blocks, int firstBlock, int endBlock) {
        this.header = header;
        this.blocks = blocks;
        this.firstBlock = firstBlock;
        this.endBlock = endBlock;
    }

    /**
     * Opens a whole page.
     *
     * @param page its bytes; position and limit stay
     * @throws CorruptValueException if they are not a whole page
     */
    public static SealedPage open(ByteBuffer page) {
        PageHeader header = PageHeader.read(page);
        if (header.pageBytes() != page.remaining()) {
            throw new CorruptValueException("a page of " + header.pageBytes() + " bytes has " + page.remaining());
        }
        return new SealedPage(
                header,
                page.slice(page.position() + header.size(), page.remaining() - header.size()),
                0,
                header.blocks());
    }

    /**
     * Opens blocks of a page.
     *
     * @param header of the page
     * @param blocks the bytes from {@link PageHeader#start} of the first block to {@link PageHeader#end} of the last one;
     *     position and limit stay
     * @param firstBlock the first block
     * @param endBlock the block after the last one
     * @throws CorruptValueException if these are not as many bytes
     */
    public static SealedPage open(PageHeader header, ByteBuffer blocks, int firstBlock, int endBlock) {
        Objects.checkFromToIndex(firstBlock, endBlock, header.blocks());
        int bytes = endBlock == firstBlock ? 0 : header.end(endBlock - 1) - header.start(firstBlock);
        if (bytes != blocks.remaining()) {
            throw new CorruptValueException("blocks " + firstBlock + " to " + endBlock + " of a page have "
                    + blocks.remaining() + " bytes instead of " + bytes);
        }
        return new SealedPage(header, blocks.slice(), firstBlock, endBlock);
    }

    /** The header of the page. */
    public PageHeader header() {
        return header;
    }

    /** The first block that was opened. */
    int firstBlock() {
        return firstBlock;
    }

    /** The block after the last one that was opened. */
    int endBlock() {
        return endBlock;
    }

    ByteBuffer blocks() {
        return blocks;
    }

    /** Where a block is in {@link #blocks()}. */
    int start(int block) {
        return header.start(block) - header.start(firstBlock);
    }
}
