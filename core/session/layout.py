"""Names, versions and bounds of a session file (SESSION_FORMAT.md), version 2: version 1 had no notes.

The tree::

    /                       format, schema_version, min_reader_version, app_version, document_id, created_utc,
                            saved_utc, order (ids of all items, JSON)
    /networks/<id>          card; weights/<parameter name>, or program
    /datasets/<id>          card; x, y if the samples are kept
    /runs/<id>              NXdata: epoch, step, train_loss, …; checkpoints/<n>: epoch, step, weights/<parameter name>
    /directions/<id>        x/<parameter name>, y/<parameter name>; cosine, kind, …; anchors (networks in the plane)
    /surfaces/<id>          NXdata: x, y, loss, accuracy, evaluated; directions (an id); test_loss, test_accuracy;
                            certificate, heldout_x, heldout_y, heldout_loss, heldout_estimate; course
    /curves/<id>            NXdata: x, train_loss, …, and train_loss_draws, … of further directions; directions (an id)
    /trajectories/<id>      NXdata: x, y, loss, off_plane, explained_variance, …; directions (an id)
    /convexity/<id>         NXdata: x, y, min_eigenvalue, max_eigenvalue, …; directions (an id)
    /initialisations/<id>   NXdata: seed, loss, calibrated_loss, accuracy, distance
    /spectra/<id>           NXdata: eigenvalues, residuals, verified, eigenvectors, between; audit, sampling (JSON);
                            trace; density_nodes, density_weights, density_x, density_y; layers/top_eigenvalue, …;
                            search/directions, projected, coupling of one that was stopped
    /robustness/<id>        NXdata: epsilon, accuracy, length, loss, right, …; examples/original, examples/attacked, …
    /complexity/<id>        NXdata: margins; layers (JSON), frobenius, spectral, spectral_error, rises
    /histories/<id>         NXdata: epoch, eigenvalues (epochs, top), residuals, gradient_norm, loss, test_loss, …
    /corrections/<id>       regions/<n> and holes/<m>, stable/<n> and stable_holes/<m>, input, box, …; in several
                            features stable_centre, levels, box, course, others/<n>/…, tradeoff
    /pairs/<id>             NXdata: distance, lower_bound, proof, stable_centre, order; lanes/…; tables/<n>: judged, …
    /cases/<id>             NXdata: distance, row, input, stable_centre, lower_bound, proof, box, …;
                            rule_box, rule_covers, …; held
    /notes/<id>             text, author, created_utc, changed_utc; item (an id, absent: the session), anchor (JSON);
                            item_name where the item is gone; resolved_by, resolved_utc where it is settled
    /view                   JSON
    /manifest               JSON: sha256 of every dataset, and of the attributes of every object

Every item carries encoding-type, encoding-version, name, status and created_utc; a result also request, provenance,
network and dataset, and test and run where it refers to a test set or to the checkpoints of a run. JSON is an
attribute, or a dataset of the same name when it is longer than an attribute may be.
"""

FORMAT = "corrie-session"
SCHEMA_VERSION = 2
# The oldest readers that understand what this version writes: those of version 1 would pass over notes in silence.
MIN_READER_VERSION = 1
MIN_READER_OF_NOTES = 2

NETWORKS = "networks"
DATASETS = "datasets"
DIRECTIONS = "directions"
SURFACES = "surfaces"
CURVES = "curves"
TRAJECTORIES = "trajectories"
CONVEXITY = "convexity"
INITIALISATIONS = "initialisations"
SPECTRA = "spectra"
ROBUSTNESS = "robustness"
COMPLEXITY = "complexity"
HISTORIES = "histories"
CORRECTIONS = "corrections"
PAIRS = "pairs"
CASES = "cases"
RUNS = "runs"
KINDS = (  # the groups of a session, in the order in which they are written
    NETWORKS,
    DATASETS,
    DIRECTIONS,
    SURFACES,
    CURVES,
    TRAJECTORIES,
    CONVEXITY,
    INITIALISATIONS,
    SPECTRA,
    ROBUSTNESS,
    COMPLEXITY,
    HISTORIES,
    CORRECTIONS,
    PAIRS,
    CASES,
    RUNS,
)
NOTES = "notes"
VIEW = "view"
MANIFEST = "manifest"
ORDER = "order"

ENCODING_VERSION = 1

CHUNKED_FROM = 64 * 2**10  # bytes; smaller arrays lie in one piece
CHUNK_BYTES = 512 * 2**10
COMPRESSION_LEVEL = 4

# Bounds that writer and reader share: what may not be read is not written.
LONGEST_ATTRIBUTE = 60_000  # bytes of text; HDF5's object header ends at 64 kB
LARGEST_TEXT = 64 * 2**20
LARGEST_ARRAY = 4 * 2**30  # bytes in memory
LARGEST_SESSION = 8 * 2**30  # bytes of the file, and of all arrays together
LARGEST_CHUNK = 64 * 2**20
MOST_MEMBERS = 100_000  # of one group
MOST_DIMENSIONS = 8
MOST_TEXTS = 128  # in one attribute
MOST_COMPRESSION = 1100  # deflate reaches 1032:1 at most; beyond, the data were never written
FREELY_UNPACKED = 256 * 2**20  # bytes that the arrays of any file may unpack to in all,
MOST_UNPACKED = 100  # and so many bytes more for each byte of the file
LARGEST_STRUCTURE = 2**20  # bytes of one piece of structure, attributes included: HDF5's own are below 128 kB
MOST_ATTRIBUTES = 128  # of one object
LARGEST_DESCRIPTION = 4 * 2**20  # characters in all attributes of one object
MOST_OBJECTS = 500_000  # of one file
MOST_DEPTH = 16  # groups in groups
MOST_NODES = 1_000_000  # values and keys of one JSON
MOST_NESTING = 64  # lists and tables in one another, in one JSON


def most_unpacked(file_bytes: int) -> int:
    """Bytes that all arrays of a file of that length may take in memory: more are a bomb."""
    return min(LARGEST_SESSION, FREELY_UNPACKED + MOST_UNPACKED * file_bytes)
