using CampaignManager.Application.Lake;

namespace CampaignManager.Application.ShopData.Writing;

/// <summary>Pairs of ids that an import says are one person. Said again they are kept again: either import may be taken back. A pair that would close a circle is left out.</summary>
internal sealed class AliasWrite(WriteStage stage)
{
    public void Write(IReadOnlyList<IdPair> pairs)
    {
        if (pairs.Count == 0)
            return;
        var leads = stage.Connection.Query(
                $"SELECT DISTINCT from_id, customer_id FROM {stage.AllVersions(LakeTable.Aliases)} WHERE kind = '{LakeAliases.Customer}'", r => (r.GetString(0), r.GetString(1)))
            .ToLookup(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
        var mine = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        stage.Run("CREATE OR REPLACE TABLE pairs (from_id VARCHAR, customer_id VARCHAR, kind VARCHAR, \"at\" TIMESTAMP)");
        long merged = 0;
        using (var rows = stage.Connection.CreateAppender("pairs"))
        {
            foreach (var pair in pairs.DistinctBy(p => (p.From, p.To, p.Kind)))
            {
                if (pair.From == pair.To || (pair.Kind == LakeAliases.Customer && Reaches(pair.To, pair.From)))
                    continue;
                if (pair.Kind == LakeAliases.Customer)
                    (mine.TryGetValue(pair.From, out var to) ? to : mine[pair.From] = []).Add(pair.To);
                rows.CreateRow().AppendValue(pair.From).AppendValue(pair.To).AppendValue(pair.Kind).AppendValue(pair.At).EndRow();
                merged++;
            }
        }

        stage.Count("merged", merged);
        stage.AddMore(LakeTable.Aliases, $"SELECT *, false AS deleted, {stage.Origin} FROM pairs");

        bool Reaches(string from, string to)
        {
            var (open, seen) = (new Stack<string>([from]), new HashSet<string>(StringComparer.Ordinal));
            while (open.TryPop(out var id))
            {
                if (id == to)
                    return true;
                if (!seen.Add(id))
                    continue;
                foreach (var next in leads[id].Concat(mine.GetValueOrDefault(id) ?? []))
                    open.Push(next);
            }

            return false;
        }
    }
}
