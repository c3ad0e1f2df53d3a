"""Reports which source files a Python process loads (the lines are described in src/contract/report.ts).

SourceFileLoader asks for a file's stat just before it reads it (or its .pyc), for every kind of import, and
PathFinder answers None just before an import fails. Both calls return before any code of the app runs, so neither
ever stands in the app's stack traces. Each line is one write of its own: whatever kills the process, what it loaded is told.
"""
import os
import sys
import time
from _stat import S_ISLNK

import _frozen_importlib_external as external

MOST_BYTES = 16 * 1024
HIGH_DESCRIPTOR = 900
CHECK_AFTER = 20  # ms
LIBRARIES = ("site-packages", "dist-packages")
NOT_IMPORTERS = ("/importlib/__init__.py", "/runpy.py", "/_upkeep_report.py", "/sitecustomize.py")
PACKAGE_MANAGERS = ("pip", "pip3", "poetry", "pipenv", "pdm", "hatch", "tox", "nox", "pre-commit")
SERVERS = ("uvicorn", "gunicorn", "hypercorn", "granian", "flask", "litestar", "sanic")

report = os.environ.get("UPKEEP_REPORT")
descriptor = -1
identity = None
checked = 0
start_folder = None
library_roots = ()
seen = set()
folders = {}  # folder as imported -> real folder, or None where nothing is reported
importers = {}  # __file__ as modules have it -> real path, as JSON


def install():
    """Does nothing without a report. Called once, before the program's own code."""
    global start_folder, library_roots
    if not report:
        return
    open_report()
    start_folder = os.path.realpath(os.getcwd())
    library_roots = standard_library()
    reason = why_quiet()
    if reason:
        # What such a process starts is quiet as well, except a package manager's programs.
        if reason == "reloads itself":
            del os.environ["UPKEEP_REPORT"]
        return write(now(), '["quiet",%.3f,%d,%s]' % (now(), os.getpid(), text(reason)))
    version = "%d.%d.%d" % sys.version_info[:3]
    write(now(), '["hello",%.3f,%d,"python",%s]' % (now(), os.getpid(), text(version)))
    script = argument(0)
    if os.path.isfile(script) and not is_installed_program(script):
        importers[script] = text(os.path.realpath(script))
        loading(os.path.abspath(script), None)
    watch_loads()
    watch_misses()


def watch_loads():
    stat = external.SourceFileLoader.path_stats

    def path_stats(self, path):
        try:
            loading(path, importer)
        except Exception:
            pass
        return stat(self, path)

    external.SourceFileLoader.path_stats = disguised(path_stats, stat)

    made = external.ExtensionFileLoader.__init__

    def __init__(self, name, path):
        try:
            loading(path, importer)
        except Exception:
            pass
        made(self, name, path)

    external.ExtensionFileLoader.__init__ = disguised(__init__, made)


def watch_misses():
    find = external.PathFinder.find_spec

    def find_spec(cls, fullname, path=None, target=None):
        spec = find(fullname, path, target)
        if spec is None:
            try:
                missing(fullname, sys.path if path is None else path)
            except Exception:
                pass
        return spec

    external.PathFinder.find_spec = classmethod(disguised(find_spec, find))


def disguised(wrapper, original):
    """Named and documented as what it replaces."""
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        setattr(wrapper, attribute, getattr(original, attribute, None))
    return wrapper


def loading(path, find_parent):
    if path in seen:
        return
    at = now()
    seen.add(path)
    folder, _, name = path.rpartition("/")
    real = folders[folder] if folder in folders else reported_folder(folder)
    if real is None:
        return
    file = real + "/" + name
    if S_ISLNK(os.lstat(file).st_mode):
        file = os.path.realpath(file)
        if reported_folder(os.path.dirname(file)) is None:
            return
    write(at, '["load",%.3f,%s,%s]' % (at, text(file), find_parent() if find_parent else "null"))


def missing(fullname, search):
    """Tells each place of the person's own where the module was looked for, as its path without an ending."""
    at = now()
    asked_by = importer()
    if asked_by.startswith(library_roots, 1):
        return  # the standard library tries what other systems have; it never imports a module of the person's
    name = fullname.rpartition(".")[2]
    for folder in search:
        real = reported_folder(os.path.abspath(folder)) if isinstance(folder, str) else None
        if real is None or not os.path.isdir(real) or (real, name) in seen:
            continue
        seen.add((real, name))
        write(at, '["missing",%.3f,%s,%s]' % (at, text(real + "/" + name), asked_by))


def importer():
    """The real path, as JSON, of the file whose import statement (or call of import_module) is being run."""
    frame = sys._getframe(2)
    while frame is not None:
        own = frame.f_code.co_filename
        if not own.startswith("<frozen ") and not own.endswith(NOT_IMPORTERS):
            file = frame.f_globals.get("__file__")
            if file not in importers:
                importers[file] = text(os.path.realpath(file)) if isinstance(file, str) else "null"
            return importers[file]
        frame = frame.f_back
    return "null"


def reported_folder(folder):
    if folder not in folders:
        real = os.path.realpath(folder)
        folders[folder] = None if is_library(real) else real
    return folders[folder]


def is_library(folder):
    inside = folder + "/"
    if inside.startswith(library_roots) or any("/" + name + "/" in inside for name in LIBRARIES):
        return True
    return inside.startswith(start_folder + "/") and "/." in inside[len(start_folder) :]


def standard_library():
    folder = os.path.dirname(os.__file__)
    version = "python%d.%d/" % sys.version_info[:2]
    roots = [folder + "/", os.path.realpath(folder) + "/"]
    roots += [prefix + "/lib/" + version for prefix in (sys.base_prefix, sys.base_exec_prefix)]
    return tuple(roots)


def is_installed_program(script):
    """The start script of a package, such as `bin/flask`, beside the interpreter or in the usual places."""
    places = [os.path.dirname(sys.executable), os.path.join(sys.prefix, "bin"), "/usr/bin", "/usr/local/bin"]
    places.append(os.path.expanduser("~/.local/bin"))
    return os.path.dirname(os.path.abspath(script)) in places


def why_quiet():
    program = os.path.basename(argument(0))
    if program in PACKAGE_MANAGERS and is_installed_program(argument(0)):
        return "package manager"
    return "reloads itself" if reloads_itself(program) else None


def reloads_itself(program):
    """Development servers that restart themselves on edits, and survive a broken one."""
    if os.environ.get("WERKZEUG_RUN_MAIN") == "true" or os.environ.get("RUN_MAIN") == "true":
        return True
    words = list(getattr(sys, "orig_argv", sys.argv))[1:]
    server = program if program != "-m" else module_name(words)
    if server == "fastapi":
        return "dev" in words and "--no-reload" not in words
    if server == "flask" and "--debug" in words:
        return "--no-reload" not in words
    if server in SERVERS and "--reload" in words:
        return True
    return "runserver" in words and "--noreload" not in words and program in ("manage.py", "django-admin")


def module_name(words):
    """`python -m uvicorn`; before 3.10 Python does not tell, the kernel may."""
    if "-m" not in words[:-1]:
        try:
            with open("/proc/self/cmdline", "rb") as file:
                words = os.fsdecode(file.read()).split("\0")
        except OSError:
            return None
    return words[words.index("-m") + 1] if "-m" in words[:-1] else None


def argument(index):
    words = getattr(sys, "argv", ())
    return words[index] if len(words) > index else ""


def now():
    return time.time() * 1000


def text(value):
    """As JSON. Without the json module: this may run in the middle of the app's own import of it."""
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return '"' + value + '"'
    units = value.encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join("\\u" + units[at : at + 4] for at in range(0, len(units), 4)) + '"'


def write(at, line):
    global checked
    data = (line + "\n").encode()
    if len(data) > MOST_BYTES:
        return
    if at - checked > CHECK_AFTER:
        if not is_open():
            return
        checked = at
    os.write(descriptor, data)


def is_open():
    """Whether the descriptor is still the report: apps that become daemons close all, and reuse the numbers."""
    try:
        stat = os.fstat(descriptor)
        return (stat.st_ino, stat.st_dev) == identity
    except OSError:
        return False


def open_report():
    """On a high number, so that the app's own descriptors have the numbers that they would have without us."""
    global descriptor, identity
    low = os.open(report, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    stat = os.fstat(low)
    identity = (stat.st_ino, stat.st_dev)
    high = min(HIGH_DESCRIPTOR, os.sysconf("SC_OPEN_MAX") - 1)
    while high > low and is_used(high):
        high -= 1
    descriptor = os.dup2(low, high, inheritable=False) if high > low else low
    if descriptor != low:
        os.close(low)


def is_used(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False
