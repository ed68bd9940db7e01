using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Data;

/// <summary>
/// Reads a multipart body part by part: files go straight to the disk, whatever the order of the parts. Only the parts that are known
/// are taken, each once but the files: what is not wanted is refused before it is read.
/// </summary>
internal static class MultipartImport
{
    /// <summary>Room for the fields beside the file.</summary>
    public const int FieldBytes = 1024 * 1024;

    private const string File = "file";

    // A mapping names 2,000 columns at most.
    private const int LongestMapping = 512 * 1024;
    private const int LongestField = 100;

    /// <summary>What was sent, its files uploaded.</summary>
    /// <param name="Mapping">Null when none was sent.</param>
    public sealed record Sent(Guid Id, ImportMapping? Mapping, bool DryRun);

    /// <summary>The uploaded import and what was said of it. On a failure nothing is left of its files.</summary>
    public static async Task<Outcome<Sent>> ReadAsync(HttpRequest request, ImportService service, ImportKindList kinds, Actor actor, CancellationToken cancellationToken)
    {
        Guid? id = null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var done = false;
        var boundary = MultipartBoundary.Of(request.ContentType)
            ?? throw new BadHttpRequestException(ApiProblems.WrongMediaType, StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
                    return Failure.Invalid("$", "Each part of the body needs a Content-Disposition with its name.");
                var name = HeaderUtilities.RemoveQuotes(part.Name).ToString();
                if (name == File ? id is not null && fields.TryGetValue("kind", out var single) && kinds.MostFiles(single) == 1
                    : !Known(kinds).Contains(name) || fields.ContainsKey(name))
                    return Unwanted(name, kinds);
                if (name != File)
                {
                    var longest = name == "mapping" ? LongestMapping : LongestField;
                    if (await TextAsync(section.Body, longest, cancellationToken) is not { } text)
                        return Failure.Invalid(name, $"This part has at most {longest} bytes.");
                    fields[name] = text;
                    if (name == "kind" && kinds.Unknown(text) is { } wrong)
                        return wrong;
                    continue;
                }

                var fileName = HeaderUtilities.RemoveQuotes(part.FileNameStar.Length > 0 ? part.FileNameStar : part.FileName).ToString();
                if (id is { } first)
                {
                    if (await service.AddFileAsync(actor, first, fileName, section.Body, cancellationToken) is { Succeeded: false } unwanted)
                        return unwanted.Failure;
                    continue;
                }

                var uploaded = await service.UploadAsync(actor, fileName, section.Body, cancellationToken, fields.GetValueOrDefault("kind"));
                if (!uploaded.Succeeded)
                    return uploaded.Failure;
                id = uploaded.Value;
            }

            var read = Judge(id, fields, kinds);
            if (read.Succeeded && await service.SayKindAsync(actor, read.Value.Id, fields["kind"], cancellationToken) is { Succeeded: false } lost)
                return lost.Failure;
            done = read.Succeeded;
            return read;
        }
        catch (Exception broken) when (broken is InvalidDataException
            || (broken is IOException and not BadHttpRequestException && !DiskFull.IsMeantBy(broken)))
        {
            throw new BadHttpRequestException("The multipart body is broken.", broken);
        }
        finally
        {
            if (!done && id is { } left)
                await service.DiscardAsync(actor, left, CancellationToken.None);
        }
    }

    private static string[] Known(ImportKindList kinds) => ["kind", "mapping", .. kinds.AllOptions];

    private static Failure Unwanted(string name, ImportKindList kinds) => name == File
        ? Failure.Invalid(File, "Send one file at a time.")
        : Known(kinds).Contains(name)
            ? Failure.Invalid(name, $"Send the part '{name}' once.")
            : Failure.Invalid("$", $"There is no part '{(name.Length > 50 ? name[..50] + "…" : name)}'. Parts are: file, {string.Join(", ", Known(kinds))}.");

    private static Outcome<Sent> Judge(Guid? id, Dictionary<string, string> fields, ImportKindList kinds)
    {
        if (kinds.Unknown(fields.GetValueOrDefault("kind")) is { } wrong)
            return wrong;
        if (id is null)
            return Failure.Invalid(File, "Send the file as a part called 'file'.");
        var kind = fields["kind"];
        var options = kinds.OptionsOf(kind);
        if (fields.Keys.FirstOrDefault(f => f is not ("kind" or "mapping") && !options.Contains(f)) is { } foreign)
            return Failure.Invalid(foreign, $"Files of kind '{kind}' take no part '{foreign}'.");
        var dryRun = false;
        if (fields.GetValueOrDefault(ImportOption.DryRun) is { } said && !bool.TryParse(said, out dryRun))
            return Failure.Invalid(ImportOption.DryRun, "Say true or false.");
        if (WithOptions(fields, options) is not { } json || string.IsNullOrWhiteSpace(json))
            return new Sent(id.Value, null, dryRun);
        var mapping = kinds.ParseMapping(kind, json);
        return mapping.Succeeded ? new Sent(id.Value, mapping.Value, dryRun) : mapping.Failure;
    }

    /// <summary>The mapping with the fields beside it; as it was sent where it cannot be read, for the kind to say so.</summary>
    private static string? WithOptions(Dictionary<string, string> fields, IReadOnlyList<string> options)
    {
        var json = fields.GetValueOrDefault("mapping");
        var beside = fields.Where(f => options.Contains(f.Key) && f.Key != ImportOption.DryRun && !string.IsNullOrWhiteSpace(f.Value)).ToList();
        if (beside.Count == 0)
            return json;
        try
        {
            if (JsonNode.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json) is not JsonObject mapping)
                return json;
            foreach (var (name, value) in beside)
                mapping[name] = value.Trim();
            return mapping.ToJsonString();
        }
        catch (Exception unread) when (unread is JsonException or ArgumentException)
        {
            return json;
        }
    }

    /// <summary>Null when it is longer.</summary>
    private static async Task<string?> TextAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        var buffer = new byte[most + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= most ? Encoding.UTF8.GetString(buffer, 0, length) : null;
    }
}
