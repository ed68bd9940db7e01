using System.Globalization;
using CampaignManager.Application.Behaviour;

namespace CampaignManager.Application.Uplift;

/// <summary>Reads a training table's Parquet file and manifest from the lake.</summary>
public sealed class UpliftTableReader(Lake lake)
{
    private static readonly string[] Fixed = ["row", "customer_id", "campaign_id", "arm", "propensity", "split"];

    /// <param name="folder">Folder relative to the lake that holds <c>table.parquet</c> and <c>manifest.json</c>.</param>
    public async Task<UpliftTable> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var manifestPath = lake.PathTo(Path.Combine(folder, UpliftTableManifest.ManifestFile));
        if (!File.Exists(manifestPath) || !File.Exists(lake.PathTo(Path.Combine(folder, UpliftTableManifest.TableFile))))
            throw new FileNotFoundException($"There is no training table in {folder}.");
        var manifest = UpliftTableManifest.Parse(await File.ReadAllTextAsync(manifestPath, cancellationToken));
        return Read(lake.SourceOf(Path.Combine(folder, UpliftTableManifest.TableFile)), manifest, cancellationToken);
    }

    private UpliftTable Read(string source, UpliftTableManifest manifest, CancellationToken cancellationToken)
    {
        using var connection = lake.Open();
        var columns = connection.Query($"DESCRIBE SELECT * FROM {source}", r => r.GetString(0)).ToList();
        var count = connection.Scalar<int>($"SELECT count(*) FROM {source}");
        var outcomes = columns.Where(c => c.StartsWith("y_", StringComparison.Ordinal)).ToList();
        var numbers = columns.Where(c => c.StartsWith("x_", StringComparison.Ordinal) || c.StartsWith("o_", StringComparison.Ordinal)).ToList();
        var words = columns.Where(c => c.StartsWith("c_", StringComparison.Ordinal)).ToList();

        var y = outcomes.Select(_ => new double[count]).ToArray();
        var x = numbers.Select(_ => new float[count]).ToArray();
        var text = words.Select(_ => new string?[count]).ToArray();
        var rows = new long[count];
        var customerIds = new string[count];
        var customers = new int[count];
        var campaigns = new string[count];
        var arms = new int[count];
        var propensity = new double[count];
        var splits = new string?[count];
        var number = new Dictionary<string, int>(StringComparer.Ordinal);
        var interned = new Dictionary<string, string>(StringComparer.Ordinal);
        string? Intern(string? value)
        {
            if (value is null)
                return null;
            if (!interned.TryGetValue(value, out var known))
                interned[value] = known = value;
            return known;
        }

        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", Fixed.Concat(outcomes).Concat(numbers).Concat(words).Select(c => '"' + c.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'))} FROM {source} ORDER BY row";
        using var reader = command.ExecuteReader();
        for (var i = 0; reader.Read(); i++)
        {
            if (i % 10_000 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            double Number(int column) => reader.IsDBNull(column) ? double.NaN : Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture);
            rows[i] = Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture);
            customerIds[i] = reader.GetString(1);
            if (!number.TryGetValue(customerIds[i], out customers[i]))
                number[customerIds[i]] = customers[i] = number.Count;
            campaigns[i] = Intern(reader.IsDBNull(2) ? "" : reader.GetString(2))!;
            arms[i] = Convert.ToInt32(reader.GetValue(3), CultureInfo.InvariantCulture);
            propensity[i] = Number(4);
            splits[i] = Intern(reader.IsDBNull(5) ? null : reader.GetString(5));
            var at = Fixed.Length;
            foreach (var values in y)
                values[i] = Number(at++);
            foreach (var values in x)
                values[i] = (float)Number(at++);
            foreach (var values in text)
            {
                values[i] = Intern(reader.IsDBNull(at) ? null : Convert.ToString(reader.GetValue(at), CultureInfo.InvariantCulture));
                at++;
            }
        }

        string LabelOf(string column) => manifest.Labels?.GetValueOrDefault(column) ?? column[2..].Replace('_', ' ');
        return new UpliftTable
        {
            Manifest = manifest,
            Rows = rows,
            CustomerIds = customerIds,
            Customers = customers,
            CampaignIds = campaigns,
            Arms = arms,
            Propensity = propensity,
            Splits = splits,
            Outcomes = outcomes.Select((name, j) => (name, j)).ToDictionary(o => o.name[2..], o => y[o.j]),
            Features =
            [
                .. numbers.Select((name, j) => new FeatureColumn(name, name[0] == 'o' ? FeatureKind.Offer : FeatureKind.Numeric, LabelOf(name), [], x[j])),
                .. words.Select((name, j) => Categorical(name, LabelOf(name), text[j])),
            ],
        };
    }

    public static FeatureColumn Categorical(string name, string label, string?[] words)
    {
        var levels = words.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var index = levels.Select((level, i) => (level, i)).ToDictionary(l => l.level, l => (float)l.i, StringComparer.Ordinal);
        return new FeatureColumn(name, FeatureKind.Categorical, label, levels, [.. words.Select(w => w is null ? float.NaN : index[w])]);
    }
}
