"""Makes split.json: which of 1,000 ratings a random split holds out. Plain Python, apart from both implementations."""
import json
import pathlib

MASK = 0xFFFFFFFF


def mix(x):
    x ^= x >> 16
    x = x * 0x85EBCA6B & MASK
    x ^= x >> 13
    x = x * 0xC2B2AE35 & MASK
    return x ^ x >> 16


def split(seed, share, size):
    key = mix(seed & MASK)
    test = [i for i in range(size) if mix(i ^ key) < share * 2**32]
    return {"seed": seed, "share": share, "size": size, "test": test}


cases = [split(1, 0.2, 1000), split(2**32 + 42, 0.1, 1000)]
pathlib.Path(__file__).with_name("split.json").write_text(json.dumps(cases) + "\n")
