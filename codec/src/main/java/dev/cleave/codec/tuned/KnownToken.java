package dev.cleave.codec.tuned;

/** What one frame may build on: the id of its token and of the one before, each -1 where it is not known. */
public final class KnownToken {
    private final int vocabulary;
    private int nextId = -1;
    private int nextBefore = -1;
    private int id = -1;
    private int before = -1;

    public KnownToken(int vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Sets it for the next frame. */
    public void next(int token, int beforeIt) {
        nextId = token < vocabulary ? token : -1;
        nextBefore = beforeIt < vocabulary ? beforeIt : -1;
    }

    /** Begins a frame: what was set holds for it, and for no other. */
    public void begin() {
        id = nextId;
        before = nextBefore;
        nextId = -1;
        nextBefore = -1;
    }

    public int id() {
        return id;
    }

    public int before() {
        return before;
    }
}
