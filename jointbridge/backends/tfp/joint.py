class JointDistribution: pass
class PinnedJoint: pass
def from_program(p): return p
