/** The Livy versions that can be assembled, and the plain name of each in its Maven coordinates. */
export const VERSIONS = { '0.8': '0.8.0', '0.9': '0.9.0' } as const;
export type Manners = keyof typeof VERSIONS;

const SCALA = '_${scala.binary.version}';

interface Dependency {
  readonly group: string;
  readonly name: string;
  readonly version?: string;
  /** `group:name` of what it must not bring along. */
  readonly without?: readonly string[];
}

const need = (coordinates: string, ...without: string[]): Dependency => {
  const [group = '', name = '', version] = coordinates.split(':');
  return version === undefined ? { group, name, without } : { group, name, version, without };
};

/** What Livy's server needs on its class path; versions not named here are managed by Livy's parent POM. */
function dependencies(version: string): readonly Dependency[] {
  const old = version.startsWith('0.8.');
  return [
    need(`org.apache.livy:livy-server:${version}`, '*:*'),
    need(`org.apache.livy:livy-core${SCALA}:${version}`),
    need(`org.apache.livy:livy-rsc:${version}`),
    need('com.fasterxml.jackson.core:jackson-core'),
    need('com.fasterxml.jackson.core:jackson-databind'),
    need(`com.fasterxml.jackson.module:jackson-module-scala${SCALA}`),
    need('io.dropwizard.metrics:metrics-core'),
    need('io.dropwizard.metrics:metrics-healthchecks'),
    ...(old ? [] : [need('io.fabric8:kubernetes-client'), need('org.apache.commons:commons-lang3')]),
    need('javax.servlet:javax.servlet-api'),
    need(
      'org.apache.hadoop:hadoop-auth',
      'jline:jline',
      'org.apache.curator:curator-framework',
      'org.apache.zookeeper:zookeeper',
    ),
    need('org.apache.hadoop:hadoop-client', 'javax.servlet:servlet-api', 'com.sun.jersey:jersey-core'),
    need('org.apache.curator:curator-recipes:2.7.1', 'org.apache.zookeeper:zookeeper'),
    need('org.apache.curator:curator-framework:2.7.1'),
    need('org.apache.zookeeper:zookeeper:3.4.6', 'log4j:log4j', 'org.slf4j:slf4j-log4j12'),
    need('org.eclipse.jetty:jetty-server'),
    need('org.eclipse.jetty:jetty-servlet'),
    need(`org.json4s:json4s-ast${SCALA}`),
    need(`org.json4s:json4s-core${SCALA}`),
    need(`org.json4s:json4s-jackson${SCALA}`),
    need('org.scala-lang:scala-library'),
    need(`org.scalatra:scalatra${SCALA}`),
    need(`org.scalatra:scalatra-json${SCALA}`),
    need(`org.scalatra:scalatra-metrics${SCALA}:2.6.5`, `com.typesafe.akka:akka-actor${SCALA}`),
    need('org.slf4j:slf4j-reload4j'),
  ];
}

function render({ group, name, version, without = [] }: Dependency): string {
  const exclusions = without.map((each) => {
    const [excludedGroup = '*', excludedName = '*'] = each.split(':');
    return `<exclusion><groupId>${excludedGroup}</groupId><artifactId>${excludedName}</artifactId></exclusion>`;
  });
  return [
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>`,
    version === undefined ? '' : `<version>${version}</version>`,
    exclusions.length === 0 ? '' : `<exclusions>${exclusions.join('')}</exclusions>`,
    '</dependency>',
  ].join('');
}

/** A POM whose dependencies are the jars of a Livy server; its parent is Livy's own, from a Maven repository. */
export function serverPom(version: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.apache.livy</groupId>
    <artifactId>livy-main</artifactId>
    <version>${version}</version>
    <relativePath/>
  </parent>
  <artifactId>livy-local</artifactId>
  <packaging>pom</packaging>
  <dependencies>
    ${dependencies(version).map(render).join('\n    ')}
  </dependencies>
</project>
`;
}
