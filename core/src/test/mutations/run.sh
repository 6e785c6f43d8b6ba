#!/usr/bin/env bash
# Applies each mutation of the near cache to a temporary work tree, and runs the tests of the near cache on it. Each must turn
# a test red; those that stay green are named, and the script fails.
#
# usage: core/src/test/mutations/run.sh [patch ...]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(git -C "$here" rev-parse --show-toplevel)
tests=NearMapTest,NearOrderTest,NearCacheTest,NearOutageTest,KeyTrackingTest,FenceLincheckTest
folder=$(mktemp -d)
tree=$folder/tree
trap 'git -C "$root" worktree remove --force "$tree"; rm -rf "$folder"' EXIT
git -C "$root" worktree add --quiet --detach "$tree" HEAD

maven() {
    mvn --offline --quiet --file "$tree/pom.xml" --projects core "$@"
}

# without the checks of the build, which would refuse some mutations
compile() {
    # shellcheck disable=SC2086 # a list of files
    (cd "$tree" && javac -proc:none -nowarn -d core/target/classes \
        -cp "core/target/classes:$(cat "$folder/classpath")" $1)
}

maven test -Dtest=$tests -Dsurefire.failIfNoSpecifiedTests=false || { echo "red without a mutation"; exit 1; }
maven dependency:build-classpath -Dmdep.outputFile="$folder/classpath" -Dmdep.includeScope=test

failed=()
for patch in "${@:-$here/*.patch}"; do
    for each in $patch; do
        name=$(basename "$each" .patch)
        git -C "$tree" apply "$here/$name.patch"
        changed=$(git -C "$tree" diff --name-only)
        compile "$changed"
        if maven surefire:test -Dtest=$tests -Dsurefire.skipAfterFailureCount=1 > "$folder/log" 2>&1; then
            failed+=("$name")
            echo "GREEN $name"
        elif red=$(grep -m 1 -oE '(Near[A-Za-z]+|KeyTracking|FenceLincheck)Test\.[A-Za-z_]+' "$folder/log"); then
            echo "red   $name: $red"
        else
            failed+=("$name")
            echo "no test failed with $name, but:"
            cat "$folder/log"
        fi
        git -C "$tree" checkout --quiet -- .
        compile "$changed"
    done
done
[ ${#failed[@]} -eq 0 ]
