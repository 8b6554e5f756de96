// Python beside a page: loads Pyodide with NumPy and the course's checks, once, and answers each request with a verdict.
// The page ends this worker where code does not end, and starts another (tasks.js).

let python;

async function start({ runtime, wheels, files }) {
  importScripts(`${runtime}pyodide.js`);
  const load = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} cannot be loaded (${answer.status})`);
    return answer.arrayBuffer();
  };
  const [ready, ...loaded] = await Promise.all([
    loadPyodide({ indexURL: runtime }),
    ...wheels.map(load),
    ...files.map(load),
  ]);
  loaded.slice(0, wheels.length).forEach((wheel) => ready.unpackArchive(wheel, "wheel"));
  files.forEach((address, k) => ready.FS.writeFile(new URL(address).pathname.split("/").pop(), new Uint8Array(loaded[wheels.length + k])));
  return ready.pyimport("backprop.checking.page");
}

onmessage = async ({ data }) => {
  try {
    if (data.start) {
      python = start(data.start);
      await python;
      return postMessage({ ready: true });
    }
    const page = await python;
    postMessage({ checking: true });
    postMessage({ answer: JSON.parse(page.check(JSON.stringify(data.check))) });
  } catch (error) {
    postMessage({ failed: String(error.message || error) });
  }
};
