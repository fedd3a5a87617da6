import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model, Ratings, train } from 'matfac';
import { expect, test } from 'vitest';

const python = process.env.PYTHON ?? 'python3';

function hasSafetensors(): boolean {
  try {
    execFileSync(python, ['-c', 'import numpy, safetensors'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(
      `SKIPPED: ${python} has no safetensors and numpy: pip install safetensors numpy (PYTHON names another python)`,
    );
    return false;
  }
}

const READ = `
import json, sys
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
with safe_open(sys.argv[1], framework="numpy") as file:
    metadata = file.metadata()
tensors = load_file(sys.argv[1])
users, items = json.loads(metadata["users"]), json.loads(metadata["items"])
u, i = users.index("u3"), items.index(int(sys.argv[3]))
score = json.loads(metadata["mean"]) + tensors["user_bias"][u] + tensors["item_bias"][i]
score += tensors["user_factors"][u] @ tensors["item_factors"][i]
low, high = json.loads(metadata["range"])
save_file(tensors, sys.argv[2], metadata)
shapes = {name: [str(tensor.dtype), list(tensor.shape)] for name, tensor in tensors.items()}
print(json.dumps({"prediction": float(min(max(score, low), high)), "shapes": shapes, "solver": metadata["solver"]}))
`;

test.skipIf(!hasSafetensors())("Python's safetensors reads a model, and writes one that loads", async () => {
  const sample = await Ratings.sample('tiny');
  const ratings = Ratings.from([...sample].map(({ user, item, rating }) => ({ user: `u${user}`, item, rating })));
  const model = await train(ratings, { solver: 'als', preference: false, factors: 5, epochs: 2 });
  const folder = await mkdtemp(join(tmpdir(), 'matfac-'));
  const [ours, theirs] = [join(folder, 'ours.safetensors'), join(folder, 'theirs.safetensors')];
  await writeFile(ours, model.save());
  const item = model.items[7]!;
  const found = JSON.parse(execFileSync(python, ['-c', READ, ours, theirs, String(item)], { encoding: 'utf8' }));
  const [users, items] = [model.users.length, model.items.length];
  expect(found.solver).toBe('als');
  expect(found.prediction).toBeCloseTo(model.predict('u3', item), 5);
  expect(found.shapes).toEqual({
    user_factors: ['float32', [users, 5]],
    item_factors: ['float32', [items, 5]],
    user_bias: ['float32', [users]],
    item_bias: ['float32', [items]],
    rated_offsets: ['int32', [users + 1]],
    rated_items: ['int32', [ratings.size]],
    rated_values: ['float32', [ratings.size]],
  });
  const again = await Model.load(await readFile(theirs));
  expect(again.recommend('u3')).toEqual(model.recommend('u3'));
});

const DEQUANTIZE = `
import json, sys, zlib
import numpy
from safetensors import safe_open
from safetensors.numpy import load_file
with safe_open(sys.argv[1], framework="numpy") as file:
    metadata = file.metadata()
tensors = load_file(sys.argv[1])
checksum = 0
for name in sorted(metadata):
    if name != "checksum":
        checksum = zlib.crc32(f"{name}\\0{metadata[name]}\\0".encode(), checksum)
dtypes = {"int8": "I8", "int32": "I32", "uint16": "U16", "float16": "F16", "float32": "F32"}
for name in sorted(tensors):
    tensor = tensors[name]
    shape = ",".join(map(str, tensor.shape))
    checksum = zlib.crc32(f"{name}\\0{dtypes[str(tensor.dtype)]}\\0{shape}\\0".encode(), checksum)
    checksum = zlib.crc32(tensor.tobytes(), checksum)
factors = tensors["item_factors"].astype(numpy.float32)
if "item_factors_scale" in tensors:
    factors *= tensors["item_factors_scale"].astype(numpy.float32)[:, None]
print(json.dumps({
    "checksum": f"crc32:{checksum:08x}" == metadata["checksum"],
    "factors": factors.ravel().tolist(),
    "ids": tensors["item_ids"].tolist() if "item_ids" in tensors else json.loads(metadata["items"]),
}))
`;

test.skipIf(!hasSafetensors()).each(['float32', 'float16', 'int8'] as const)(
  'Python finds the factors, ids and checksum of a file in %s',
  async (dtype) => {
    const model = await train(await Ratings.sample('tiny'), { factors: 5, epochs: 2 });
    const path = join(await mkdtemp(join(tmpdir(), 'matfac-')), 'model.safetensors');
    const bytes = model.save({ dtype });
    await writeFile(path, bytes);
    const found = JSON.parse(execFileSync(python, ['-c', DEQUANTIZE, path], { encoding: 'utf8' }));
    expect(found.checksum).toBe(true);
    expect(found.ids).toEqual(model.items);
    expect(found.factors).toEqual([...(await Model.load(bytes)).itemFactors.data]);
  },
);
