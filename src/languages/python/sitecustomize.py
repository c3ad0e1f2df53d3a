# Python imports a module of this name at start, before the program: the launcher puts this folder first on
# PYTHONPATH. The hook is installed, every trace of this file is removed, and the sitecustomize that Python would
# have found without us (the distribution's, a virtual environment's, the person's) runs in its place.
# Also read by versions that the hook does not know (2.7, 3.6): plain syntax only.
import os
import sys

_folder = os.path.dirname(__file__)
_self = sys.modules.pop("sitecustomize", None)  # kept: Python 2 empties the globals of a module that is dropped
try:
    if sys.version_info >= (3, 8):
        import _upkeep_report

        del sys.modules["_upkeep_report"]
        _upkeep_report.install()
except Exception:
    pass
while _folder in sys.path:
    sys.path.remove(_folder)
sys.path_importer_cache.pop(_folder, None)

# Where there is none, this fails exactly as the import of this file would have: site looks for that and goes on.
import sitecustomize  # noqa: E402
