"""Spark behind a session: the JVM that the driver starts, and the Python child's connection to it."""
import os
import subprocess
import tempfile
import time

import class_archive

# What a session's Python finds imported in the JVM. Version 0.8.0 lacks the last three, so that createDataFrame and
# explain() fail there ("'JavaPackage' object is not callable") until the code imports them itself.
IMPORTS_0_8 = (
    'org.apache.spark.SparkConf',
    'org.apache.spark.api.java.*',
    'org.apache.spark.api.python.*',
    'org.apache.spark.mllib.api.python.*',
    'org.apache.spark.sql.*',
    'org.apache.spark.sql.hive.*',
    'scala.Tuple2',
)
IMPORTS_0_9 = IMPORTS_0_8 + (
    'org.apache.spark.ml.python.*',
    'org.apache.spark.resource.*',
    'org.apache.spark.sql.api.python.*',
)
START_SECONDS = 120
STOP_SECONDS = 5


class SparkStartError(Exception):
    pass


def _gateway(port, secret):
    from py4j.java_gateway import GatewayParameters, JavaGateway

    return JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=secret, auto_convert=True))


class SparkJvm:
    """The JVM with its SparkContext. It ends with the driver: it watches its stdin."""

    def __init__(self, conf, name):
        import pyspark

        folder = tempfile.mkdtemp(prefix='livy-stand-in-')
        hello = os.path.join(folder, 'gateway')
        home = os.path.dirname(pyspark.__file__)
        command = [os.path.join(home, 'bin', 'spark-submit'), '--name', name]
        options = {'spark.driver.defaultJavaOptions': class_archive.java_options(), **conf}
        for key, value in sorted(options.items()):
            command += ['--conf', '%s=%s' % (key, value)]
        # One thread a connection, so that Livy's setJobGroup holds for the code that follows on the same connection.
        environment = dict(
            os.environ, _PYSPARK_DRIVER_CONN_INFO_PATH=hello, PYSPARK_PIN_THREAD='false', SPARK_HOME=home,
            SPARK_LAUNCHER_OPTS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
        )
        self.process = subprocess.Popen(
            command + ['pyspark-shell'], stdin=subprocess.PIPE, stdout=2, env=environment
        )
        try:
            self.port, self.secret = self._greeting(hello)
        finally:
            if os.path.exists(hello):
                os.unlink(hello)
            os.rmdir(folder)
        jvm = _gateway(self.port, self.secret).jvm
        # Full names only: an import made here would show in the child's view too.
        spark = jvm.org.apache.spark.SparkContext.getOrCreate(jvm.org.apache.spark.SparkConf())
        self._context = jvm.org.apache.spark.api.java.JavaSparkContext(spark)
        self.application_id = spark.applicationId()

    def _greeting(self, path):
        deadline = time.monotonic() + START_SECONDS
        while not os.path.exists(path):
            if self.process.poll() is not None:
                raise SparkStartError('Spark ended with code %s before it was up.' % self.process.returncode)
            if time.monotonic() > deadline:
                self.process.kill()
                raise SparkStartError('Spark was not up within %d s.' % START_SECONDS)
            time.sleep(0.05)
        with open(path, 'rb') as file:
            port = int.from_bytes(file.read(4), 'big')
            length = int.from_bytes(file.read(4), 'big')
            return port, file.read(length).decode()

    def environment(self, version):
        """What the Python child needs to connect."""
        return {'STAND_IN_PORT': str(self.port), 'STAND_IN_SECRET': self.secret, 'STAND_IN_VERSION': version}

    def close(self):
        """At the end of its stdin the JVM goes by itself, and removes its temporary folders."""
        try:
            self.process.stdin.close()
            self.process.wait(STOP_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()

    def cancel(self, group):
        self._context.cancelJobGroup(group)

    def progress(self, group):
        """Finished tasks of a job group by all its tasks, 0.0 before the first."""
        tracker = self._context.statusTracker()
        total = done = 0
        for job in tracker.getJobIdsForGroup(group):
            info = tracker.getJobInfo(job)
            for stage in info.stageIds() if info is not None else ():
                state = tracker.getStageInfo(stage)
                if state is not None:
                    total += state.numTasks()
                    done += state.numCompletedTasks()
        return done / total if total else 0.0


def connect_from_environment(environment):
    """The child's side: (SparkContext, the names that its code finds). Secrets leave the environment."""
    from py4j.java_gateway import java_import
    from pyspark import SparkConf, SparkContext, cloudpickle
    from pyspark.sql import HiveContext, SparkSession, SQLContext
    from pyspark.streaming import StreamingContext

    gateway = _gateway(int(environment.pop('STAND_IN_PORT')), environment.pop('STAND_IN_SECRET'))
    version = environment.pop('STAND_IN_VERSION')
    for name in IMPORTS_0_8 if version == '0.8.0' else IMPORTS_0_9:
        java_import(gateway.jvm, name)
    java = gateway.jvm.org.apache.spark.api.java.JavaSparkContext(gateway.jvm.org.apache.spark.SparkContext.getOrCreate())
    context = SparkContext(jsc=java, gateway=gateway, conf=SparkConf(_jvm=gateway.jvm, _jconf=java.getConf()))
    session = SparkSession(context, gateway.jvm.org.apache.spark.sql.SparkSession.builder().getOrCreate())
    libraries = {'HiveContext': HiveContext, 'StreamingContext': StreamingContext, 'cloudpickle': cloudpickle}
    return context, {'sc': context, 'spark': session, 'sqlContext': SQLContext(context, session), **libraries}
