"""What a backend promises; no backend is named here.

pytest conformance --backend NAME --backend OTHER
"""
