"""The file format: JSON in and out, safe to read from a stranger."""

from jointbridge.document.limits import Limits as Limits
from jointbridge.document.reader import VERSION as VERSION
from jointbridge.document.reader import load as load
from jointbridge.document.reader import loads as loads
from jointbridge.document.reader import validate as validate
from jointbridge.document.schema import schema as schema
from jointbridge.document.writer import digest as digest
from jointbridge.document.writer import dumps as dumps
from jointbridge.document.writer import save as save
