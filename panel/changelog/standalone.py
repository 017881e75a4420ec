"""Verify an exported change log without the program that wrote it.

python3 verify.py bundle.zip --checkpoint kept.txt [--code 4711 K7QXM-…] [--log-key HEX]
A bundle cannot vouch for itself: give a checkpoint or a short code that was kept outside, or the
key of the seals. Ends with 0 when all fits and that vouches for it; else with 1, and says why.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import zipfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT, ALPHABET = "format-1.txt", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOTE = re.compile(r"(\S[^\n+]*)\n([0-9]{1,18})\n([A-Za-z0-9+/=]{44})\ntime (\S+)\n\n— \S+ (\S+)\n?")


class Wrong(ValueError):
    """Something is not as it should be; its text says what and where."""


def sha(*parts):
    """SHA-256 over bytes and texts."""
    return hashlib.sha256(b"".join(p.encode() if isinstance(p, str) else p for p in parts))


def opened(path, name="manifest.json"):
    """The bundle and its manifest; every member is there, and as it was written."""
    content = Path(path).read_bytes()
    if sha(content[:-64]).hexdigest().encode() != content[-64:]:
        raise Wrong(f"{path} was cut off or altered: it does not end with its own SHA-256.")
    try:
        bundle = zipfile.ZipFile(path)
        manifest = json.loads(bundle.read(name))
        for name in sorted({FORMAT, *manifest["members"], *bundle.namelist()[:-1]}):
            if sha(bundle.read(name)).hexdigest() != manifest["members"][name]:
                raise ValueError("not as the manifest says")
        return bundle, manifest
    except (OSError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Wrong(f"{path}: {name} is missing, was added or is damaged ({error}).") from None


def lines(bundle, name):
    """The records of a member, one a line."""
    for number, line in enumerate(bundle.open(name), 1):
        try:
            yield json.loads(line)
        except ValueError:
            raise Wrong(f"{name}, line {number} cannot be read.") from None


def commitment(row):
    """What stands for personal values: withheld, erased, absent, or there with their salt."""
    kept, said = row.get("commitment") or row.get("erased") or "", row.get("salt") or ""
    said += row.get("personal") or ""
    return sha(kept, said).digest() if said else bytes.fromhex(kept or "00" * 32)


def sealed(deed):
    """What the seal covers; of a deed that is not shown, the bundle has the digest of its meta."""
    meta = deed.get("meta")
    if meta is None:
        said = {name: deed[name] for name in ("action", "scope", "at", "details")}
        said["subject"], said["key"] = [deed["subject_table"], deed["subject_pk"]], deed["key_id"]
        said["actor"] = [deed["actor_kind"], str(deed["actor_id"])]
        said["acting_for"] = deed["acting_for_id"] and str(deed["acting_for_id"])
        said["request"], said["personal"] = deed["request_id"], commitment(deed).hex()
        meta = sha(json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
        meta = meta.hexdigest()
    return "{seq}|{prev}|{id}|{meta}|{n}|{last}|{rows}".format(**{**deed, "meta": meta})


def root(leaves):
    """The root of a list as RFC 6962 defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha().digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\x01", root(leaves[:half]), root(leaves[half:])).digest()


def chain(bundle, keys):
    """Deeds by their ids, and their leaves; numbers, links, seals and keys must fit."""
    deeds, leaves, prev, key_id = {}, [], "0" * 64, None
    for seq, deed in enumerate(lines(bundle, "deeds.jsonl"), 1):
        if deed["seq"] != seq:
            what = "missing" if deed["seq"] > seq else "there twice or out of order"
            raise Wrong(f"Deed {min(seq, deed['seq'])} is {what}.")
        if deed["prev"] != prev:
            raise Wrong(f"Deed {seq} does not follow the one before it.")
        if key_id and deed["key_id"] != key_id:
            raise Wrong(f"Deed {seq} is sealed with a key that no deed passed on to.")
        key_id, prev, text = deed["key_id"], deed["mac"], sealed(deed)
        if key := keys.get(key_id):
            if not hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), prev):
                raise Wrong(f"Deed {seq} is not as it was sealed.")
        elif keys:
            raise Wrong(f"Deed {seq} is sealed with a key that was not given, {key_id}.")
        if deed.get("action") == "log.rotate-key":
            key_id = json.loads(deed["details"])["key"]
        leaves.append(sha(b"\x00", f"{text}|{prev}").digest())
        deeds[deed["id"]] = deed
    return deeds, leaves


def digest(row):
    """A change as its deed's seal covers it; of one that is not shown, as the bundle has it."""
    if "digest" in row:
        return bytes.fromhex(row["digest"])
    names = ("id", "deed_id", "tbl", "op", "scope", "at", "who", "tx", "pk")
    head = "\x1f".join("" if row[name] is None else str(row[name]) for name in names)
    kept = row.get("archived") if row["data"] == "{}" else None
    data = bytes.fromhex(kept) if kept else sha(row["data"]).digest()
    return sha(head, data, commitment(row)).digest()


def changes(bundle, deeds, personal):
    """Every change stands under its deed; gives the state in which they leave what is shown."""
    adopted = {one["change_id"]: one["deed_id"] for one in lines(bundle, "adoptions.jsonl")}
    told = [json.loads(d["details"]) for d in deeds.values() if d.get("action") == "log.erase"]
    erased = {number for one in told for number in one.get("changes", ())}
    sums, state, before = {}, {}, 0
    for row in lines(bundle, "changes.jsonl"):
        if row["id"] <= before:
            raise Wrong(f"Change {row['id']} is there twice or out of order.")
        before, deed, kind = row["id"], deeds.get(row["deed_id"]), "own"
        if deed is None or row["id"] > deed["last"]:
            deed, kind = deeds.get(adopted.get(row["id"]), {}), "log.adopt"
        if kind != "own" and deed.get("action") != kind:
            what = f"{row.get('tbl', 'change')} {row.get('pk', row['id'])}"
            raise Wrong(f"Changes were made outside the application, first {what}.")
        if row.get("erased") and row["id"] not in erased:
            raise Wrong(f"Change {row['id']} was erased, but no deed says so.")
        for one in (kind, deed["id"]), ("log.archive", row.get("archived_by", row.get("archived"))):
            found = sums.setdefault(one, [0, 0, sha()])
            found[0], found[1] = found[0] + 1, row["id"]
            found[2].update(digest(row))
        if "tbl" in row:
            play(state.setdefault((row["tbl"], row["pk"]), {}), row, personal)
    for deed in deeds.values():
        if deed.get("erased") and not any(deed["seq"] in one.get("deeds", ()) for one in told):
            raise Wrong(f"Deed {deed['seq']} was erased, but no deed says so.")
        n, last, found = sums.get(("own", deed["id"]), (0, 0, sha()))
        fits = (n, last, found.hexdigest()) == (deed["n"], deed["last"], deed["rows"])
        if named := {"log.adopt": "adopted", "log.archive": "emptied"}.get(deed.get("action")):
            n, last, found = sums.pop((deed["action"], deed["id"]), (0, 0, sha()))
            says = json.loads(deed["details"])
            fits = fits and (says[named], says["rows"]) == (n, found.hexdigest())
        if not fits:
            raise Wrong(f"The changes of deed {deed['seq']} are not those that were sealed.")
    if any(kind == "log.archive" and by for kind, by in sums):
        raise Wrong("Changes were emptied, but no deed says so.")
    return state


def play(known, row, personal):
    """Follow one record by one change; values that were erased or withheld are no longer known."""
    values = {**json.loads(row["data"]), **json.loads(row.get("personal") or "{}")}
    pairs = {name: v if row["op"] == "U" else (v, v) for name, v in values.items()}
    if row.get("erased") or row.get("commitment"):
        for name in personal.get(row["tbl"], ()):
            known.pop(name, None)
    for name, (old, _) in pairs.items() if row["op"] != "I" else ():
        if known.get(name, old) != old:
            raise Wrong(f"{row['tbl']} {row['pk']}: {name} is not as the log tells.")
    if row["op"] != "U" or row.get("archived"):
        known.clear()
    if row["op"] != "D":  # "*": what stands in an archive is not known either
        there = "*" if row.get("archived") else ""
        known.update({there: row["id"], **{name: new for name, (_, new) in pairs.items()}})


def tables(bundle, manifest, state):
    """The tables as they stood at the export are what the log left."""
    for table in manifest["tables"]:
        unsure = set(manifest["personal"].get(table, ()))
        for row in lines(bundle, f"tables/{table}.jsonl"):
            known = state.pop((table, row["pk"]), {})
            if not known:
                raise Wrong(f"{table} {row['pk']} is in the table, not in the log.")
            for name, value in row["values"].items():
                if known.get(name, value if name in unsure or "*" in known else None) != value:
                    raise Wrong(f"{table} {row['pk']}: {name} is not as the log tells.")
    for table, pk in (one for one in state if state[one] and one[0] in manifest["tables"]):
        raise Wrong(f"{table} {pk} is in the log, not in the table.")


def anchor(path, key):
    """Origin, size and root of a checkpoint that the log's key has signed."""
    try:
        note = NOTE.fullmatch(text := Path(path).read_text("utf-8"))
        signature, body = base64.b64decode(note[5])[4:], text.partition("\n\n")[0] + "\n"
        Ed25519PublicKey.from_public_bytes(key).verify(signature, body.encode())
    except (InvalidSignature, TypeError, ValueError):
        raise Wrong(f"{path} is no checkpoint signed by the key of this log.") from None
    return note[1], int(note[2]), base64.b64decode(note[3])


def code(origin, size, found):
    """The short code of a checkpoint."""
    told = sha(f"{origin}\n{size}\n{base64.b64encode(found).decode()}\n").hexdigest()
    return "".join(ALPHABET[int(told, 16) >> 156 + 5 * n & 31] for n in reversed(range(20)))


def judged(given):
    """What was found sound, in words; raises `Wrong`, also where nothing outside vouches for it."""
    bundle, manifest = opened(given.bundle)
    kept = [anchor(path, bytes.fromhex(manifest["checkpoint_key"])) for path in given.checkpoint]
    keys = {sha(b"jenjang key", k).hexdigest()[:16]: k for k in map(bytes.fromhex, given.log_key)}
    deeds, leaves = chain(bundle, keys)
    for origin, size, wanted in kept:
        if origin != manifest["origin"]:
            raise Wrong(f"The checkpoint belongs to another log, {origin}.")
        if size > len(leaves):
            raise Wrong(f"The log has {len(leaves)} deeds and had {size}: newest ones are missing.")
        if root(leaves[:size]) != wanted:
            raise Wrong(f"The first {size} deeds are not those of the checkpoint.")
    for size, typed in given.code:
        found = code(manifest["origin"], int(size), root(leaves[: int(size)]))
        if int(size) > len(leaves) or found != re.sub("[^0-9A-Z]", "", typed.upper()):
            raise Wrong(f"The first {size} deeds do not give the code {typed}.")
    tables(bundle, manifest, changes(bundle, deeds, manifest["personal"]))
    sizes = [size for _, size, _ in kept] + [int(size) for size, _ in given.code]
    if not sizes and not keys:
        raise Wrong("It fits in itself, but nothing from outside vouches for it: see --help.")
    return f"Sound: {len(leaves)} deeds, {len(leaves) if keys else max(sizes)} vouched for."


def main():
    """Read the command line, look, and say what was found."""
    ask = argparse.ArgumentParser(description="Verify an exported change log.")
    ask.add_argument("bundle")
    more = {"action": "append", "default": []}
    ask.add_argument("--checkpoint", **more, help="a file that was kept outside")
    ask.add_argument("--code", **more, nargs=2, help="size and short code, as printed")
    ask.add_argument("--log-key", **more, help="key of the seals, hexadecimal")
    try:
        print(judged(ask.parse_args()))
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise SystemExit(f"NOT sound. {error}") from None


if __name__ == "__main__":
    main()
