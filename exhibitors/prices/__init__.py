"""What exhibitors pay for: booths by the price list, and extras.

``quoting`` what a booth costs whom, and why · ``extras`` stock that is taken and given back · ``back_office`` how the
organisers keep all that.
"""
