# What gen3's document says to do by hand, and what its script does: five aws commands and two of kubectl.
# $1 is the ServiceAccount. A second run meets what the first has made: that counts as done, in its favour.
issuer=$(aws eks describe-cluster --name "$WORLD_CLUSTER" --query cluster.identity.oidc.issuer --output text) || exit
host=${issuer#https://}
account=$(aws sts get-caller-identity --query Account --output text) || exit
trust=$(mktemp)
cat > "$trust" <<END
{"Version": "2012-10-17", "Statement": [{
  "Effect": "Allow",
  "Principal": {"Federated": "arn:aws:iam::$account:oidc-provider/$host"},
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringEquals": {
    "$host:sub": "system:serviceaccount:default:$1", "$host:aud": "sts.amazonaws.com"}}}]}
END
aws iam create-role --role-name "$1" --assume-role-policy-document "file://$trust" > /dev/null 2>&1
rm -f "$trust"
aws iam attach-role-policy --role-name "$1" --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess || exit
arn=$(aws iam get-role --role-name "$1" --query Role.Arn --output text) || exit
kubectl create sa "$1" > /dev/null 2>&1
kubectl annotate sa "$1" "eks.amazonaws.com/role-arn=$arn" --overwrite > /dev/null
