"""Take audio out of what packages keep it in: zip archives, an adventure game's speech, two source distributions.

    unpack.py EARS_DATA        reads deb/ and dl/, writes un/PACKAGE/
"""
import struct
import sys
import tarfile
import zipfile
from pathlib import Path

AUDIO = (".ogg", ".wav", ".mp3", ".flac", ".opus", ".xm", ".it", ".s3m", ".mod")


def zips(deb: Path, un: Path):
    """id Software's .pk3, LÖVE's .love and plain archives are zip files."""
    for pattern in ("*/usr/share/games/**/*.pk3", "*/usr/share/games/**/*.love", "*/usr/share/games/**/data.zip"):
        for archive in sorted(deb.glob(pattern)):
            out = un / archive.relative_to(deb).parts[0]
            with zipfile.ZipFile(archive) as z:
                for name in z.namelist():
                    if name.lower().endswith(AUDIO) and ".." not in name:
                        z.extract(name, out)


def amazon_queen(deb: Path, out: Path):
    """Speech of Flight of the Amazon Queen: the .SB entries of queen.1c, mp3 each; its table starts at byte 13, 21 bytes an entry; names without digits are effects."""
    path = deb / "flight-of-the-amazon-queen/usr/share/scummvm/flight-of-the-amazon-queen/queen.1c"
    if not path.is_file():
        return
    out.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes()
    for i in range(struct.unpack(">H", data[13:15])[0]):
        entry = data[15 + 21 * i:36 + 21 * i]
        name, (_, offset, size) = entry[:12].split(b"\0")[0].decode("ascii", "replace"), struct.unpack(">BII", entry[12:])
        if name.endswith(".SB") and name[:3].isdigit() and size > 4_000:
            (out / f"{name[:-3]}.mp3").write_bytes(data[offset:offset + size])


def source_distributions(dl: Path, un: Path):
    for name in ("demucs", "stempeg"):
        for archive in dl.glob(f"{name}-*.tar.gz"):
            with tarfile.open(archive) as tar:
                for member in tar.getmembers():
                    if member.isfile() and member.name.lower().endswith((".mp3", ".mp4")):
                        (un / name).mkdir(parents=True, exist_ok=True)
                        (un / name / Path(member.name).name).write_bytes(tar.extractfile(member).read())


def main():
    data = Path(sys.argv[1])
    zips(data / "deb", data / "un")
    amazon_queen(data / "deb", data / "un/flight-of-the-amazon-queen")
    source_distributions(data / "dl", data / "un")
    for track in (data / "deb").glob("blobwars-data/usr/share/games/blobwars/music/*"):
        if track.read_bytes()[:4] == b"OggS":                         # no name extension
            (data / "un/blobwars-data").mkdir(exist_ok=True)
            (data / "un/blobwars-data" / track.name).write_bytes(track.read_bytes())


if __name__ == "__main__":
    main()
