"""What exhibitors pay for: booths by the price list.

``quoting`` what a booth costs whom, and why · ``back_office`` how the organisers keep the list.
"""
