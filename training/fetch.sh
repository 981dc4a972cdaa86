#!/bin/sh
# Fetch the audio of sources.toml into a folder: Debian packages unpacked (never installed), and what lies in their archives.
#     fetch.sh EARS_DATA [PACKAGE...]     all, or only these; needs apt-get, dpkg, python3, pip; about 6 GB of disk
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/deb" "$1/un" "$1/dl" "$1/store"
cd "$1/dl"
shift
if [ $# -gt 0 ]; then printf '%s\n' "$@" > ../packages.txt; else python3 - "$here/sources.toml" <<'PY' > ../packages.txt; fi
import sys, tomllib
for entry in tomllib.load(open(sys.argv[1], "rb"))["package"]:
    print(*[n for n in entry["names"] if n not in ("stempeg", "demucs")], sep="\n")
print("gcompris-qt-data", "openttd-openmsx", "planetblupi-music-midi", "timgm6mb-soundfont", "fluid-soundfont-gm", sep="\n")
PY
while read -r package; do
  [ -d "../deb/$package" ] && continue
  apt-get download -qq "$package" && mkdir -p "../deb/$package" && dpkg -x "$package"_*.deb "../deb/$package" && rm "$package"_*.deb || echo "not to be had: $package" >&2
done < ../packages.txt
for package in demucs==4.1.0 stempeg==0.2.6; do
  "${PYTHON:-python3}" -m pip download -q --no-deps --no-binary :all: -d . "$package" || echo "not to be had: $package" >&2
done
python3 "$here/unpack.py" ..
