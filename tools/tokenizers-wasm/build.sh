#!/bin/sh
# Builds src/data/tokenizer/library/wasm.ts from the Rust crate `tokenizers` (see README.md). Needs cargo with the
# target wasm32-wasip1 (`rustup target add wasm32-wasip1`) and zig as the C compiler (`pip install ziglang`).
set -eu
cd "$(dirname "$0")"
zig=${ZIG:-"python3 -m ziglang"}
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
cat >"$bin/cc" <<SCRIPT
#!/bin/sh
# zig names the target its own way.
for argument do
  shift
  case \$argument in --target=*) ;; *) set -- "\$@" "\$argument" ;; esac
done
exec $zig cc -target wasm32-wasi "\$@"
SCRIPT
printf '#!/bin/sh\nexec %s ar "$@"\n' "$zig" >"$bin/ar"
chmod +x "$bin/cc" "$bin/ar"
export CC_wasm32_wasip1="$bin/cc" AR_wasm32_wasip1="$bin/ar" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
# A reactor: `_initialize` runs once, and its functions stay callable.
reactor=$(rustc --print target-libdir --target wasm32-wasip1)/self-contained/crt1-reactor.o
export RUSTFLAGS="-C link-arg=$reactor -C link-arg=--export=_initialize -C link-arg=--wrap=onig_search_with_param -C link-arg=-zstack-size=4194304 --remap-path-prefix=$HOME=~ --remap-path-prefix=$PWD=."
cargo build --release --locked --target wasm32-wasip1
node embed.mjs "$CARGO_TARGET_DIR/wasm32-wasip1/release/tokenizers_wasm.wasm" ../../src/data/tokenizer/library/wasm.ts
