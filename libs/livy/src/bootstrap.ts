/**
 * The Python that the warm-up installs in a session. Statements are then one call of `_livy_run`, whose arguments are a
 * hex nonce, the session's boot nonce, a fencing token and base64: nothing a user wrote is ever part of the code text.
 *
 * The call refuses to run in another session (boot nonce), under an older lease (fence) and twice (nonce); it keeps what
 * the program prints apart, and prints one JSON envelope with the nonce. The program finds `spark`, `sc` and `params`
 * and leaves its answer in `result`.
 */
const RUNNER = String.raw`
import base64 as _livy_b64, collections as _livy_collections, contextlib as _livy_contextlib
import io as _livy_io, json as _livy_json, traceback as _livy_traceback

_livy_state = {"boot": None, "fence": 0, "seen": _livy_collections.OrderedDict()}

class _LivyTail(_livy_io.TextIOBase):
    def __init__(self, limit):
        self.limit, self.text = limit, ""
    def writable(self):
        return True
    def write(self, text):
        self.text = (self.text + text)[-self.limit:]
        return len(text)

def _livy_spill(path, body):
    jvm = sc._jvm
    target = jvm.org.apache.hadoop.fs.Path(path)
    stream = target.getFileSystem(sc._jsc.hadoopConfiguration()).create(target, True)
    try:
        stream.write(bytearray(body.encode("ascii")))
    finally:
        stream.close()

def _livy_reply(nonce, **fields):
    head = {"livy": 1, "nonce": nonce, "boot": _livy_state["boot"]}
    head.update(fields)
    print(_livy_json.dumps(head))

def _livy_run(nonce, boot, fence, payload):
    if boot != _livy_state["boot"]:
        return _livy_reply(nonce, refused="session")
    if fence < _livy_state["fence"]:
        return _livy_reply(nonce, refused="fence")
    if nonce in _livy_state["seen"]:
        return _livy_reply(nonce, refused="twice")
    _livy_state["fence"] = fence
    _livy_state["seen"][nonce] = True
    while len(_livy_state["seen"]) > 1000:
        _livy_state["seen"].popitem(last=False)
    out = _LivyTail(65536)
    try:
        order = _livy_json.loads(_livy_b64.b64decode(payload).decode("utf-8"))
        scope = {"__name__": "__livy__", "spark": globals().get("spark"), "sc": globals().get("sc"),
                 "params": order.get("params"), "result": None}
        with _livy_contextlib.redirect_stdout(out):
            exec(compile(order["program"], "<program>", "exec"), scope)
    except BaseException as error:
        return _livy_reply(nonce, stdout=out.text, error={
            "type": type(error).__name__, "message": str(error)[:8192],
            "traceback": _livy_traceback.format_exc()[-16384:]})
    try:
        body = _livy_json.dumps(scope["result"], default=str, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        return _livy_reply(nonce, stdout=out.text, refused="json", message=str(error)[:1024])
    if len(body) > order["limit"]:
        if not order.get("spill"):
            return _livy_reply(nonce, stdout=out.text, refused="size", bytes=len(body))
        try:
            _livy_spill(order["spill"], body)
        except BaseException as error:
            return _livy_reply(nonce, stdout=out.text, error={
                "type": type(error).__name__, "message": "spill: " + str(error)[:8192], "traceback": ""})
        return _livy_reply(nonce, stdout=out.text, spill={"path": order["spill"], "bytes": len(body)})
    head = _livy_json.dumps({"livy": 1, "nonce": nonce, "boot": _livy_state["boot"], "stdout": out.text})
    print(head[:-1] + ', "result": ' + body + "}")
`;

/** On Livy 0.8 with Spark 3.5, `createDataFrame` and `.explain()` fail without these. */
const JAVA_IMPORTS = `
from py4j.java_gateway import java_import as _livy_import
for _livy_package in ("org.apache.spark.ml.python.*", "org.apache.spark.resource.*", "org.apache.spark.sql.api.python.*"):
    _livy_import(sc._gateway.jvm, _livy_package)
`;

/** The warm-up: installs the runner, takes the boot nonce, and answers with it only after a Spark job and a DataFrame worked. */
export function bootstrapCode(boot: string, needsJavaImports: boolean): string {
  const lines = [
    RUNNER.trim(),
    needsJavaImports ? JAVA_IMPORTS.trim() : '',
    `_livy_state["boot"] = "${boot}"`,
    `_livy_warm = spark.range(4).count() + len(spark.createDataFrame([(1,)], ["n"]).collect())`,
    `_livy_reply("${boot}", result=_livy_warm)`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** What a statement carries to the runner. */
export interface Order {
  readonly program: string;
  readonly params: unknown;
  readonly limit: number;
  readonly spill?: string;
}

/** The code of a statement. `nonce` and `boot` are hex, the rest is a number and base64. */
export function statementCode(nonce: string, boot: string, fence: number, order: Order): string {
  const payload = Buffer.from(JSON.stringify(order), 'utf8').toString('base64');
  return `_livy_run("${nonce}", "${boot}", ${String(fence)}, "${payload}")`;
}
