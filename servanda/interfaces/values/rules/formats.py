"""Rows about formats as a whole: their keys, who writes them and who reads them."""

from __future__ import annotations

from servanda.interfaces.effect import BREAKS_READERS, BREAKS_USERS, MAY_AFFECT_READERS
from servanda.interfaces.rule import Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, SURPRISE
from servanda.interfaces.values.change import Edit
from servanda.interfaces.values.rules.subject import CHANGES, VALUES, changed
from servanda.verdict import Severity

RULES: tuple[Rule, ...] = (
    Rule(
        id="VALUE_KEY_SAME_PATTERN",
        purpose="Checks that a format keeps its keys.",
        why=(
            "Each version looks under its own keys: what the other one wrote is not found, and what it deletes there "
            "stays here."
        ),
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.KEY_CHANGED),
        breaks=BOTH_WAYS_IF_READ,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Keep $element, add a format with the new keys beside it, and write, and delete, under both.",
            migrate="Let $readers read the new keys first and those of $name where nothing is found.",
            contract="Delete $element when no version is live, or may be rolled back to, that reads its keys alone.",
            before='key = "..."  # of $name',
            after='key = "..."  # of $name as it was, and a second format with the new one',
        ),
    ),
    Rule(
        id="VALUE_KEY_NO_OVERLAP",
        purpose="Checks that no key can belong to two formats.",
        why="Whoever finds such a key cannot know how to read its value, and one writer replaces what is another's.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.OVERLAP),
        breaks=BOTH_WAYS_IF_READ,
        effect=BREAKS_USERS,
        remedy=Remedy(
            expand="Give $element a prefix of its own before anything is written under it.",
            migrate="Let $readers tell the formats apart by that prefix.",
            contract="Nothing has to go if $name was never written; else wait until its values have expired.",
            before='key = "..."  # of $name, which another format has too',
            after='key = "{namespace}:$name:..."',
        ),
    ),
    Rule(
        id="VALUE_FORMAT_NO_DELETE",
        purpose="Checks that no format is deleted that a live version reads.",
        why="Its readers find nothing any more: a cache is cold for good, and state is lost.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.FORMAT_DELETED),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Keep $element, go on writing it, and release versions of $readers that do not read it.",
            migrate="Take them out of the readers of $name when these versions are released.",
            contract="Delete $element when no version is live, or may be rolled back to, that reads it.",
            before="readers = [...]  # of $name",
            after="readers = [ ]  # of $name, which is still written",
        ),
    ),
    Rule(
        id="VALUE_WRITERS_NO_DELETE",
        purpose="Checks that a format that somebody reads keeps a writer.",
        why="Readers wait for values that nobody writes, and take their absence for a fact.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.WRITERS_DELETED),
        breaks=SURPRISE,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Go on writing $element while $readers read it.",
            migrate="Release versions of them that do without $name.",
            contract="Stop writing $element when no version is live that reads it.",
            before="writers = [ ]  # of $name",
            after="writers = [...]  # of $name, as before",
        ),
    ),
    Rule(
        id="VALUE_READER_NO_DELETE",
        purpose="Checks that nobody takes a service whose live version still reads a format for none of its readers.",
        why="The next change is not held against it any more, though instances of its former version go on reading.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.READER_DELETED),
        breaks=None,
        effect=MAY_AFFECT_READERS,
        remedy=Remedy(
            expand="Release the version that does not read $element, and change nothing else about it.",
            migrate="Wait until every instance of $readers is of that version.",
            contract="Then change or delete $name.",
            before="readers = [...]  # of $name",
            after="readers = [...]  # of $name without this one, and nothing else",
        ),
        severity=Severity.WARNING,
    ),
    Rule(
        id="VALUE_PREFIX_NO_REUSE",
        purpose="Checks that a format that is cold on change gets a new prefix when its values change.",
        why="Under the same prefix each version finds what the other one wrote, which it was promised never to meet.",
        categories=(VALUES,),
        subject=CHANGES,
        handler=changed(Edit.NOT_MOVED),
        breaks=BOTH_WAYS_IF_READ,
        effect=BREAKS_READERS,
        remedy=Remedy(
            expand="Give $element a new prefix, such as a number that counts its versions, in the same change.",
            migrate="Expect that everything of $name is read from the source once while both versions run.",
            contract="Nothing has to go: what lies under the former prefix expires.",
            before='key = "{namespace}:$name:..."',
            after='key = "{namespace}:$name:2:..."',
        ),
    ),
)
