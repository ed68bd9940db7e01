using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Data;

/// <summary>
/// The key that the secrets of this installation are encrypted with (AES-256-GCM, a key of its own for each purpose). It lies in a file
/// that only its owner reads, made at the first start; all nodes share it, and the database records its fingerprint.
/// </summary>
public sealed class MasterKey
{
    /// <summary>What is encrypted begins with it.</summary>
    public const string Mark = "mk1:";

    private const string FileMark = "campaign-manager-key-1:";
    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly IDbContextFactory<AppDbContext> contexts;
    private readonly TimeProvider time;
    private readonly Lazy<byte[]> key;

    public MasterKey(
        IOptions<DatabaseOptions> database, IOptions<SecurityOptions> security, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
    {
        (this.contexts, this.time) = (contexts, time);
        File = Path.GetFullPath(security.Value.MasterKeyPath is { Length: > 0 } path
            ? path
            : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(database.Value.Path))!, "master.key"));
        // Not kept when it fails: a file that is put in its place afterwards counts.
        key = new Lazy<byte[]>(ReadOrMake, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>Where it lies.</summary>
    public string File { get; }

    /// <summary>
    /// At start, while no other node does it: finds that the key is the one the database knows, or makes and records the first.
    /// </summary>
    /// <exception cref="StartRefusedException">It is another, or missing, or cannot be read or made.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var recorded = await context.Set<MasterKeyRecord>().Where(r => r.Id == MasterKeyRecord.OnlyId)
            .Select(r => r.Fingerprint).SingleOrDefaultAsync(cancellationToken);
        if (recorded is not null && !System.IO.File.Exists(File))
        {
            throw new StartRefusedException(
                $"The master key {File} is missing, and this database has secrets encrypted with it. "
                + "Put the file back, or set Security:MasterKeyPath to where it lies.");
        }

        var fingerprint = Fingerprint();
        if (recorded is null)
        {
            context.Add(new MasterKeyRecord { Fingerprint = fingerprint, RecordedAt = time.GetUtcNow().UtcDateTime });
            await context.SaveChangesAsync(cancellationToken);
        }
        else if (recorded != fingerprint)
        {
            throw new StartRefusedException(
                $"The master key {File} (fingerprint {fingerprint[..8]}) is not the one this database was started with ({recorded[..8]}). "
                + "Set Security:MasterKeyPath to the right file; every node takes the same.");
        }
    }

    /// <summary>The text encrypted, as text.</summary>
    /// <param name="purpose">Whose secret it is: only the same purpose reads it.</param>
    public string Protect(string text, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Derive(purpose), TagBytes);
        aes.Encrypt(
            sealedBytes.AsSpan(0, NonceBytes), plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes));
        return Mark + Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="CryptographicException">Encrypted with another key, for another purpose, or not at all.</exception>
    public string Unprotect(string text, string purpose)
    {
        var sealedBytes = new byte[text.Length];
        if (!text.StartsWith(Mark, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text[Mark.Length..], sealedBytes, out var length) || length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("This is not encrypted with the master key.");
        }

        var plain = new byte[length - NonceBytes - TagBytes];
        using var aes = new AesGcm(Derive(purpose), TagBytes);
        aes.Decrypt(
            sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes, plain.Length),
                sealedBytes.AsSpan(NonceBytes, TagBytes), plain);
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>32 bytes that only this key and this purpose give, for what must come out the same for ever and on every node.</summary>
    public byte[] KeyFor(string purpose) => Derive(purpose);

    private string Fingerprint() => Convert.ToHexStringLower(Derive("fingerprint"));

    private byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Value, KeyBytes, info: Encoding.UTF8.GetBytes("campaign-manager/" + purpose));

    private byte[] ReadOrMake()
    {
        try
        {
            if (!System.IO.File.Exists(File))
                Make();
            var text = System.IO.File.ReadAllText(File).Trim();
            var bytes = new byte[KeyBytes];
            if (text.StartsWith(FileMark, StringComparison.Ordinal)
                && Convert.TryFromBase64String(text[FileMark.Length..], bytes, out var length) && length == KeyBytes)
                return bytes;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The master key {File} cannot be read or made ({fault.Message.TrimEnd('.')}). "
                + "Let the app read it, or set Security:MasterKeyPath to a file in a folder it may write.");
        }

        throw new StartRefusedException(
            $"The file {File} is not a master key. Put the right one back, or set Security:MasterKeyPath to where it lies.");
    }

    /// <summary>Whole under another name first, so that no other node reads half of it; the first one to give it its name wins.</summary>
    private void Make()
    {
        OwnFolder.Make(Path.GetDirectoryName(File)!);
        var half = $"{File}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var stream = new FileStream(half, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(FileMark + Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
                stream.Flush(flushToDisk: true);
            }

            System.IO.File.Move(half, File, overwrite: false);
        }
        catch (IOException) when (System.IO.File.Exists(File))
        {
            // Another node was quicker: its key is everybody's.
        }
        finally
        {
            System.IO.File.Delete(half);
        }
    }
}
