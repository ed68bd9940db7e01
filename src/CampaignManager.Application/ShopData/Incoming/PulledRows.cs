using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace CampaignManager.Application.ShopData.Incoming;

/// <summary>Rows of a query as NDJSON, which the templates read as any file. Times without a zone say none.</summary>
internal static class PulledRows
{
    private static readonly JsonWriterOptions Written =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <returns>How many.</returns>
    public static async Task<long> WriteAsync(NpgsqlDataReader reader, Stream file, Func<long, Task> progress, CancellationToken cancel)
    {
        var rows = 0L;
        await using var json = new Utf8JsonWriter(file, Written);
        while (await reader.ReadAsync(cancel))
        {
            json.WriteStartObject();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (await reader.IsDBNullAsync(i, cancel))
                    continue;
                json.WritePropertyName(reader.GetName(i));
                Write(json, reader.GetValue(i), reader.GetDataTypeName(i));
            }

            json.WriteEndObject();
            await json.FlushAsync(cancel);
            json.Reset();
            file.WriteByte((byte)'\n');
            if (++rows % 5000 == 0)
                await progress(rows);
        }

        return rows;
    }

    private static void Write(Utf8JsonWriter json, object value, string type)
    {
        switch (value)
        {
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case short or int or long or decimal or float or double:
                json.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case DateTime { Kind: DateTimeKind.Utc } at:
                json.WriteStringValue(at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
                break;
            case DateTime at:
                json.WriteStringValue(at.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
                break;
            case string text when type is "json" or "jsonb":
                json.WriteRawValue(text.ReplaceLineEndings(" "));
                break;
            case Array many and not byte[]:
                json.WriteStartArray();
                foreach (var one in many)
                    Write(json, one ?? "", "");
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
